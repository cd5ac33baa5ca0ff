using System.Buffers.Binary;
using System.Globalization;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>PostgreSQL's <c>numeric</c>: digits to the base 10,000 on the wire, any number of them; text here, so that none is lost.</summary>
internal static class PostgresNumeric
{
    private const int Header = 8;
    private const ushort Negative = 0x4000;

    /// <summary>Room for the text of that many bytes of the wire.</summary>
    public static int TextLength(ReadOnlySpan<byte> wire)
    {
        var weight = BinaryPrimitives.ReadInt16BigEndian(wire[2..]);
        var scale = BinaryPrimitives.ReadUInt16BigEndian(wire[6..]);
        return Math.Max(9, (Math.Max(weight + 1, 1) * 4) + scale + 6);
    }

    /// <summary>Writes the text; gives its length.</summary>
    public static int Write(ReadOnlySpan<byte> wire, Span<byte> text)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(wire);
        var weight = BinaryPrimitives.ReadInt16BigEndian(wire[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(wire[4..]);
        int scale = BinaryPrimitives.ReadUInt16BigEndian(wire[6..]);
        var special = sign switch { 0xC000 => "NaN"u8, 0xD000 => "Infinity"u8, 0xF000 => "-Infinity"u8, _ => default };
        if (!special.IsEmpty)
        {
            special.CopyTo(text);
            return special.Length;
        }
        var length = 0;
        if (sign == Negative)
        {
            text[length++] = (byte)'-';
        }
        if (weight < 0)
        {
            text[length++] = (byte)'0';
        }
        for (var group = 0; group <= weight; group++)
        {
            Digit(wire, group, count).TryFormat(text[length..], out var written, group == 0 ? "0" : "0000", CultureInfo.InvariantCulture);
            length += written;
        }
        if (scale > 0)
        {
            text[length++] = (byte)'.';
            Span<byte> four = stackalloc byte[4];
            for (var group = weight + 1; scale > 0; group++, scale -= 4)
            {
                Digit(wire, group, count).TryFormat(four, out _, "0000", CultureInfo.InvariantCulture);
                var shown = four[..Math.Min(scale, 4)];
                shown.CopyTo(text[length..]);
                length += shown.Length;
            }
        }
        return length;
    }

    // Leading and trailing groups that are zero are not sent.
    private static int Digit(ReadOnlySpan<byte> wire, int group, int count) =>
        group >= 0 && group < count ? BinaryPrimitives.ReadUInt16BigEndian(wire[(Header + (2 * group))..]) : 0;
}
