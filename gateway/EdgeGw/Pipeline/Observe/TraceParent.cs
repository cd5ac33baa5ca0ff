using System.Buffers.Binary;
using System.Globalization;

namespace EdgeGw.Pipeline.Observe;

/// <summary>The id of a trace: 16 bytes, not all of them zero.</summary>
/// <param name="High">The first half, big-endian.</param>
/// <param name="Low">The second half.</param>
internal readonly record struct TraceId(ulong High, ulong Low)
{
    /// <summary>Whether it is one.</summary>
    public bool IsValid => (High | Low) != 0;

    /// <summary>One that nobody else has. Not from RandomNumberGenerator, as <see cref="Accept.RequestIdValue"/> says why; a trace id need not be hard to guess.</summary>
    public static TraceId Create()
    {
        Span<byte> bytes = stackalloc byte[16];
        while (true)
        {
            Random.Shared.NextBytes(bytes);
            var id = new TraceId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
            if (id.IsValid)
            {
                return id;
            }
        }
    }

    /// <summary>The id of a span: 8 bytes, not all of them zero.</summary>
    public static ulong CreateSpan()
    {
        ulong id;
        while ((id = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue)) == 0)
        {
        }
        return id;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}

/// <summary>The header <c>traceparent</c> (W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header): which trace a request belongs to, and which span of it has sent it.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="Span">The span that sent the request.</param>
/// <param name="IsSampled">Whether the sender may have recorded it.</param>
internal readonly record struct TraceParent(TraceId Trace, ulong Span, bool IsSampled)
{
    /// <summary>The header.</summary>
    public const string Header = "traceparent";

    // version "-" trace-id "-" parent-id "-" trace-flags, of 2, 32, 16 and 2 lower-case hexadecimal digits.
    private const int Length = 55;

    /// <summary>Reads the header's value. A later version may have more after a further dash, and is read as far as it is known (section 4.3 of the specification).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TraceParent parent)
    {
        parent = default;
        if (text.Length < Length || text[2] != '-' || text[35] != '-' || text[52] != '-' || !TryHex(text[..2], out var version) || version == 0xff
            || (version == 0 ? text.Length != Length : text.Length > Length && text[Length] != '-')
            || !TryHex(text.Slice(3, 16), out var high) || !TryHex(text.Slice(19, 16), out var low) || !TryHex(text.Slice(36, 16), out var span) || !TryHex(text.Slice(53, 2), out var flags)
            || (high | low) == 0 || span == 0)
        {
            return false;
        }
        parent = new TraceParent(new TraceId(high, low), span, (flags & 1) != 0);
        return true;
    }

    /// <summary>The header's value, in version 00.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"00-{Trace}-{Span:x16}-{(IsSampled ? "01" : "00")}");

    private static bool TryHex(ReadOnlySpan<char> digits, out ulong value)
    {
        value = 0;
        foreach (var c in digits)
        {
            // Lower case alone, as the specification has it.
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
            value = (value << 4) | (uint)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        return true;
    }
}
