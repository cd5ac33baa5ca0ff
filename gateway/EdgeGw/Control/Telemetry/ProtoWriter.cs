using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Control.Telemetry;

/// <summary>Writes protocol buffers (https://protobuf.dev/programming-guides/encoding/), as far as OTLP needs them. A field of the value that a reader assumes anyway (0, empty) may be left out by
/// the caller.</summary>
internal sealed class ProtoWriter
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;

    // The length of a message is known at its end. Four bytes are kept free for it: a varint may be longer than it has to be.
    private const int LengthBytes = 4;

    private byte[] _buffer = new byte[16 * 1024];
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Begins a message in a message; <see cref="End"/> takes what it gives.</summary>
    public int Begin(int field)
    {
        Tag(field, LengthDelimited);
        Room(LengthBytes);
        _length += LengthBytes;
        return _length;
    }

    /// <summary>Ends a message.</summary>
    public void End(int begun)
    {
        var length = _length - begun;
        for (var i = 0; i < LengthBytes; i++)
        {
            _buffer[begun - LengthBytes + i] = (byte)((length >> (7 * i) & 0x7f) | (i < LengthBytes - 1 ? 0x80 : 0));
        }
    }

    /// <summary>A text.</summary>
    public void Text(int field, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Tag(field, LengthDelimited);
        Number((ulong)length);
        Room(length);
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
    }

    /// <summary>Bytes that are written as hexadecimal digits; none when they are not.</summary>
    public void Hex(int field, string digits)
    {
        Tag(field, LengthDelimited);
        Number((ulong)digits.Length / 2);
        Room(digits.Length / 2);
        Convert.FromHexString(digits, _buffer.AsSpan(_length), out _, out var written);
        _length += written;
    }

    /// <summary>An int32, int64, uint32, bool or enumeration.</summary>
    public void Integer(int field, long value)
    {
        Tag(field, Varint);
        Number((ulong)value);
    }

    /// <summary>A fixed64 or sfixed64.</summary>
    public void Fixed(int field, long value)
    {
        Tag(field, Fixed64);
        Raw(value);
    }

    /// <summary>A fixed32.</summary>
    public void Fixed(int field, uint value)
    {
        Tag(field, Fixed32);
        Room(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length), value);
        _length += sizeof(uint);
    }

    /// <summary>A double.</summary>
    public void Double(int field, double value) => Fixed(field, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Repeated fixed64, packed.</summary>
    public void Packed(int field, IReadOnlyList<long> values)
    {
        Tag(field, LengthDelimited);
        Number((ulong)values.Count * sizeof(long));
        foreach (var value in values)
        {
            Raw(value);
        }
    }

    /// <summary>Repeated double, packed.</summary>
    public void Packed(int field, IReadOnlyList<double> values) => Packed(field, [.. values.Select(BitConverter.DoubleToInt64Bits)]);

    private void Tag(int field, int wireType) => Number((ulong)(field << 3 | wireType));

    private void Raw(long value)
    {
        Room(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += sizeof(long);
    }

    private void Number(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[_length++] = (byte)value;
    }

    private void Room(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }
    }
}
