using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>
/// Memory for the arguments of one call: the gateway copies them before the call returns. One per thread, used as a stack, since a call may run
/// callbacks that call again. Keeps its first block; what needed more is freed with the call.
/// </summary>
internal sealed unsafe class NativeArena
{
    private const int BlockBytes = 16 * 1024;
    private const int CopyBytes = 4096; // copying so much costs less than pinning

    [ThreadStatic]
    private static NativeArena? t_arena;

    private readonly List<(nint Data, int Length)> _blocks = [];
    private readonly List<MemoryHandle> _pins = [];
    private int _block;
    private int _used;

    /// <summary>The thread's own.</summary>
    public static NativeArena Current => t_arena ??= new NativeArena();

    /// <summary>Where the stack stands; disposing of it releases all that came after.</summary>
    public Frame Enter() => new(this, _block, _used, _pins.Count);

    /// <summary>Room for <paramref name="count"/> items, not cleared.</summary>
    public T* Allocate<T>(int count) where T : unmanaged
    {
        var size = checked(((sizeof(T) * count) + 15) & ~15);
        while (_block < _blocks.Count && _used + size > _blocks[_block].Length)
        {
            _block++;
            _used = 0;
        }
        if (_block == _blocks.Count)
        {
            var length = Math.Max(size, BlockBytes);
            _blocks.Add(((nint)NativeMemory.Alloc((nuint)length), length));
        }
        var start = (byte*)_blocks[_block].Data + _used;
        _used += size;
        return (T*)start;
    }

    /// <summary>The text in UTF-8; a lone surrogate becomes U+FFFD.</summary>
    public AbiText Text(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return default;
        var room = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (room > BlockBytes)
            room = Encoding.UTF8.GetByteCount(text);
        var data = Allocate<byte>(room);
        return new AbiText(data, Encoding.UTF8.GetBytes(text, new Span<byte>(data, room)));
    }

    /// <summary>The bytes: copied when they are few, else held where they are.</summary>
    public AbiText Bytes(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > CopyBytes)
        {
            var pin = bytes.Pin();
            _pins.Add(pin);
            return new AbiText((byte*)pin.Pointer, bytes.Length);
        }
        var data = Allocate<byte>(bytes.Length);
        bytes.Span.CopyTo(new Span<byte>(data, bytes.Length));
        return new AbiText(data, bytes.Length);
    }

    private void Leave(int block, int used, int pins)
    {
        for (var i = pins; i < _pins.Count; i++)
            _pins[i].Dispose();
        _pins.RemoveRange(pins, _pins.Count - pins);
        for (var i = _blocks.Count - 1; i > block; i--)
        {
            NativeMemory.Free((void*)_blocks[i].Data);
            _blocks.RemoveAt(i);
        }
        _block = block;
        _used = used;
    }

    /// <summary>What one call uses.</summary>
    public readonly ref struct Frame(NativeArena arena, int block, int used, int pins)
    {
        public void Dispose() => arena.Leave(block, used, pins);
    }
}
