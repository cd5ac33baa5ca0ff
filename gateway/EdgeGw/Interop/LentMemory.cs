using System.Buffers;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Server memory that a handler has been lent by address: pinned until it is given back. Kestrel's pool is pinned already, so this costs nothing there; the
/// odd array from elsewhere gets a handle.</summary>
internal unsafe struct LentMemory
{
    private MemoryHandle _handle;

    /// <summary>Lends bytes to write to.</summary>
    public AbiSpan Lend(Memory<byte> memory)
    {
        _handle.Dispose();
        _handle = memory.Pin();
        return new AbiSpan { Data = (byte*)_handle.Pointer, Length = (nuint)memory.Length };
    }

    /// <summary>Lends bytes to read.</summary>
    public AbiText Lend(ReadOnlyMemory<byte> memory)
    {
        _handle.Dispose();
        _handle = memory.Pin();
        return new AbiText((byte*)_handle.Pointer, memory.Length);
    }

    /// <summary>Takes it back.</summary>
    public void Return()
    {
        _handle.Dispose();
        _handle = default;
    }
}

/// <summary>A body that arrived in pieces, as one piece of native memory. Freed by <see cref="Free"/>.</summary>
internal unsafe struct GatheredBody
{
    private byte* _data;
    private nuint _capacity;

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds bytes; <paramref name="expected"/> is the final length when known, else -1.</summary>
    public void Append(in ReadOnlySequence<byte> bytes, long expected)
    {
        var needed = (nuint)(Length + bytes.Length);
        if (needed > _capacity)
        {
            var capacity = expected >= (long)needed ? (nuint)expected : Math.Max(needed, _capacity * 2);
            _data = (byte*)System.Runtime.InteropServices.NativeMemory.Realloc(_data, capacity);
            _capacity = capacity;
        }
        bytes.CopyTo(new Span<byte>(_data + Length, checked((int)bytes.Length)));
        Length += bytes.Length;
    }

    /// <summary>All bytes, in place.</summary>
    public readonly AbiText Text => new() { Data = _data, Length = (nuint)Length };

    /// <summary>Gives the memory back.</summary>
    public void Free()
    {
        System.Runtime.InteropServices.NativeMemory.Free(_data);
        this = default;
    }
}
