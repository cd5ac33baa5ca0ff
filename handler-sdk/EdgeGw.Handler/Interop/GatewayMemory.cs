using System.Buffers;

namespace EdgeGw.Interop;

/// <summary>Bytes that the gateway owns, as <see cref="Memory{T}"/>; refused from the moment they may be gone.</summary>
internal sealed unsafe class GatewayMemory : MemoryManager<byte>
{
    private byte* _data;
    private int _length;

    public GatewayMemory()
    {
    }

    public GatewayMemory(byte* data, int length) => Move(data, length);

    /// <summary>Points somewhere else. Only for memory that never leaves the SDK.</summary>
    public void Move(byte* data, int length)
    {
        _data = data;
        _length = length;
    }

    /// <summary>The bytes are gone.</summary>
    public void Invalidate() => _length = -1;

    public override Span<byte> GetSpan() => _length >= 0
        ? new Span<byte>(_data, _length)
        : throw new ObjectDisposedException(nameof(Request), "These bytes lived until the next read or the end of the request. Copy what is needed longer.");

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)GetSpan().Length, nameof(elementIndex));
        return new MemoryHandle(_data + elementIndex, default, this);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
