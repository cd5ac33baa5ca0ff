using System.Buffers;

namespace EdgeGw.Interop;

/// <summary>Native memory as <see cref="Memory{T}"/>, for reads that end on another thread. Owns nothing: whoever points it somewhere keeps that alive.</summary>
internal sealed unsafe class NativeRoom : MemoryManager<byte>
{
    private byte* _data;
    private int _length;

    /// <summary>Points it at memory.</summary>
    public void Over(byte* data, int length)
    {
        _data = data;
        _length = length;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_data, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_data + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
