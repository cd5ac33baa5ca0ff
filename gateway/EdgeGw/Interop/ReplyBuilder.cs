using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Builds the values of a reply in native memory, where the handler reads them in place. Kept with its pooled call, so that a reply in steady state allocates nothing.
/// Used by one thread at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The room owns nothing.")]
internal sealed unsafe class ReplyBuilder
{
    private const int ArenaBytes = 4096;
    private const int FirstValues = 16;
    // A large reply takes its room in chunks; what is larger than a quarter of one gets a block of its own.
    private const int ChunkBytes = 64 * 1024;
    private const int KeptValues = 4096;
    private const int ErrorBytes = 2048;

    private readonly byte* _arena = (byte*)NativeMemory.Alloc(ArenaBytes);
    private byte* _chunk;
    private int _chunkUsed = ChunkBytes;
    private readonly List<nint> _overflow = [];
    private readonly List<AbiText> _names = [];
    private readonly NativeRoom _reading = new();
    private AbiValue* _values = (AbiValue*)NativeMemory.Alloc(FirstValues, (nuint)sizeof(AbiValue));
    private int _capacity = FirstValues;
    private int _used;

    /// <summary>Frees what the builder holds when its call is no longer pooled.</summary>
    ~ReplyBuilder()
    {
        Reset();
        NativeMemory.Free(_arena);
        NativeMemory.Free(_values);
    }

    /// <summary>Values so far, those inside arrays not counted.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the values take, for bounding a page.</summary>
    public long Size { get; private set; }

    /// <summary>Rows among the values.</summary>
    public ulong Rows { get; private set; }

    /// <summary>Rows or keys changed.</summary>
    public ulong Affected { get; set; }

    /// <summary>What the call opened, or 0.</summary>
    public ulong Open { get; set; }

    /// <summary>What the call came to: ok, or "nothing there".</summary>
    public AbiResult Result { get; set; }

    /// <summary>NULL, or absent.</summary>
    public void Null() => Next() = default;

    /// <summary>A truth value.</summary>
    public void Bool(bool value) => Whole(AbiValueKind.Bool, value ? 1 : 0);

    /// <summary>A whole number.</summary>
    public void Int64(long value) => Whole(AbiValueKind.Int64, value);

    /// <summary>A value of a kind that is held as a whole number.</summary>
    public void Whole(AbiValueKind kind, long value) => Next() = new AbiValue { Kind = kind, As = new AbiValueAs { Integer = value } };

    /// <summary>A double.</summary>
    public void Double(double value) => Next() = new AbiValue { Kind = AbiValueKind.Double, As = new AbiValueAs { Real = value } };

    /// <summary>A value of a kind that is held as bytes; they are copied.</summary>
    public void Bytes(AbiValueKind kind, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(kind, bytes.Length));

    /// <summary>A value of a kind that is held as text.</summary>
    public void Text(AbiValueKind kind, ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, Room(kind, Encoding.UTF8.GetByteCount(text)));

    /// <summary>A value of a kind that is held as bytes, to be written where it will be read.</summary>
    public Span<byte> Room(AbiValueKind kind, int length)
    {
        var data = Take(length);
        Next() = new AbiValue { Kind = kind, Length = (uint)length, As = new AbiValueAs { Data = data } };
        Size += length;
        return new Span<byte>(data, length);
    }

    /// <summary>The same for a reader that goes on on other threads. Good until the next such room or <see cref="Reset"/>.</summary>
    public Memory<byte> ReadingRoom(AbiValueKind kind, int length)
    {
        fixed (byte* data = Room(kind, length))
        {
            _reading.Over(data, length);
        }
        return _reading.Memory;
    }

    /// <summary>The last value has fewer bytes than there was room for.</summary>
    public void Shorten(int length)
    {
        Size -= _values[Count - 1].Length - length;
        _values[Count - 1].Length = (uint)length;
    }

    /// <summary>Turns the last <paramref name="count"/> values into one array.</summary>
    public void Array(int count)
    {
        var items = (AbiValue*)Take(count * sizeof(AbiValue));
        Count -= count;
        new ReadOnlySpan<AbiValue>(_values + Count, count).CopyTo(new Span<AbiValue>(items, count));
        Next() = new AbiValue { Kind = AbiValueKind.Array, Length = (uint)count, As = new AbiValueAs { Items = items } };
    }

    /// <summary>The values since the last row are one more row.</summary>
    public void Row() => Rows++;

    /// <summary>The name of the next column.</summary>
    public void Name(string name)
    {
        var length = Encoding.UTF8.GetByteCount(name);
        var data = Take(length);
        Encoding.UTF8.GetBytes(name, new Span<byte>(data, length));
        _names.Add(new AbiText(data, length));
    }

    /// <summary>A value that is held as text, for what the gateway itself asks.</summary>
    public string TextAt(int index) => Encoding.UTF8.GetString(_values[index].AsSpan());

    /// <summary>Forgets everything; what a reply pointed to is gone.</summary>
    public void Reset()
    {
        foreach (var block in _overflow)
        {
            NativeMemory.Free((void*)block);
        }
        _overflow.Clear();
        _names.Clear();
        _chunkUsed = ChunkBytes;
        if (_capacity > KeptValues)
        {
            // One large page must not stay with a pooled call for ever.
            _capacity = FirstValues;
            _values = (AbiValue*)NativeMemory.Realloc(_values, FirstValues * (nuint)sizeof(AbiValue));
        }
        _used = 0;
        Count = 0;
        Size = 0;
        Rows = 0;
        Affected = 0;
        Open = 0;
        Result = AbiResult.Ok;
    }

    /// <summary>Gives the reply to a handler. What it points to lives until this returns.</summary>
    public void Send(delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        fixed (AbiText* names = CollectionsMarshal.AsSpan(_names))
        {
            var reply = new AbiReply
            {
                Size = (uint)sizeof(AbiReply),
                Result = Result,
                Values = _values,
                ValueCount = (nuint)Count,
                RowCount = Rows,
                Affected = Affected,
                Open = Open,
                Names = names,
                NameCount = (nuint)_names.Count,
            };
            replied(state, &reply);
        }
    }

    /// <summary>Gives a fault to a handler. It has its own memory, so a call whose backend is still at work can be answered.</summary>
    public static void SendFault(delegate* unmanaged<void*, AbiReply*, void> replied, void* state, AbiResult result, string error, string code)
    {
        var buffer = stackalloc byte[ErrorBytes + 64];
        var reply = new AbiReply { Size = (uint)sizeof(AbiReply), Result = result };
        Encoding.UTF8.TryGetBytes(Shortened(error, ErrorBytes), new Span<byte>(buffer, ErrorBytes), out var length);
        reply.Error = new AbiText(buffer, length);
        Encoding.UTF8.TryGetBytes(Shortened(code, 64), new Span<byte>(buffer + ErrorBytes, 64), out length);
        reply.Code = new AbiText(buffer + ErrorBytes, length);
        replied(state, &reply);
    }

    // One character takes three bytes at most (a surrogate pair four in all).
    private static ReadOnlySpan<char> Shortened(string text, int bytes) => text.AsSpan(0, Math.Min(text.Length, bytes / 3));

    private ref AbiValue Next()
    {
        if (Count == _capacity)
        {
            _capacity *= 2;
            _values = (AbiValue*)NativeMemory.Realloc(_values, (nuint)_capacity * (nuint)sizeof(AbiValue));
        }
        Size += sizeof(AbiValue);
        return ref _values[Count++];
    }

    private byte* Take(int bytes)
    {
        // Values of arrays lie here too, so every piece begins where a value may.
        var rounded = (bytes + 7) & ~7;
        if (rounded <= ArenaBytes - _used)
        {
            var data = _arena + _used;
            _used += rounded;
            return data;
        }
        if (rounded > ChunkBytes / 4)
        {
            return Block(rounded);
        }
        if (rounded > ChunkBytes - _chunkUsed)
        {
            _chunk = Block(ChunkBytes);
            _chunkUsed = 0;
        }
        var piece = _chunk + _chunkUsed;
        _chunkUsed += rounded;
        return piece;
    }

    private byte* Block(int bytes)
    {
        var block = (byte*)NativeMemory.Alloc((nuint)bytes);
        _overflow.Add((nint)block);
        return block;
    }
}
