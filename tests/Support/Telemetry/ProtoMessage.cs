using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Tests.Support.Telemetry;

/// <summary>A message in protocol buffers, read without knowing what it means: its fields by number.</summary>
public sealed class ProtoMessage
{
    private readonly List<(int Field, ulong Number, byte[]? Bytes)> _fields = [];

    /// <summary>Reads one; throws <see cref="FormatException"/> when it is none.</summary>
    public static ProtoMessage Read(ReadOnlySpan<byte> bytes)
    {
        var message = new ProtoMessage();
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    message._fields.Add((field, Varint(ref bytes), null));
                    break;
                case 1:
                    message._fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8)), null));
                    break;
                case 2:
                    message._fields.Add((field, 0, Take(ref bytes, (int)Varint(ref bytes)).ToArray()));
                    break;
                case 5:
                    message._fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4)), null));
                    break;
                default:
                    throw new FormatException($"There is no wire type {tag & 7} (field {field}).");
            }
        }
        return message;
    }

    /// <summary>The messages of a field.</summary>
    public IEnumerable<ProtoMessage> Messages(int field) => _fields.Where(one => one.Field == field && one.Bytes is not null).Select(one => Read(one.Bytes));

    /// <summary>The one message of a field; null for none.</summary>
    public ProtoMessage? Message(int field) => Messages(field).SingleOrDefault();

    /// <summary>A text; empty for none.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    /// <summary>Bytes as hexadecimal digits.</summary>
    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    /// <summary>A number of whatever width; 0 for none.</summary>
    public ulong Number(int field) => _fields.SingleOrDefault(one => one.Field == field && one.Bytes is null).Number;

    /// <summary>A floating-point number.</summary>
    public double Real(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    /// <summary>Whether a field is there.</summary>
    public bool Has(int field) => _fields.Any(one => one.Field == field);

    /// <summary>Eight-byte numbers, packed or one by one.</summary>
    public IReadOnlyList<ulong> Fixed64s(int field) =>
        [.. _fields.Where(one => one.Field == field).SelectMany(one => one.Bytes is null ? [one.Number] : one.Bytes.Chunk(8).Select(chunk => BinaryPrimitives.ReadUInt64LittleEndian(chunk)))];

    private byte[] Bytes(int field) => _fields.SingleOrDefault(one => one.Field == field && one.Bytes is not null).Bytes ?? [];

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count < 0 || count > bytes.Length)
        {
            throw new FormatException("The message ends in the middle of a field.");
        }
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0ul;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(ref bytes, 1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new FormatException("A number has more than ten bytes.");
    }
}
