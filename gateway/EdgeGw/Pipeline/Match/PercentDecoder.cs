namespace EdgeGw.Pipeline.Match;

/// <summary>Percent-decoding (RFC 3986, section 2.1): bytes in, bytes out, nothing interpreted.</summary>
internal static class PercentDecoder
{
    /// <summary>Decodes into <paramref name="destination"/>, which needs no more room than the source. False when a '%' is not followed by two hex digits.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var b = source[i];
            if (b == (byte)'%')
            {
                if (i + 2 >= source.Length || !TryHex(source[i + 1], source[i + 2], out b))
                {
                    return false;
                }
                i += 2;
            }
            destination[written++] = b;
        }
        return true;
    }

    /// <summary>The byte that two hex digits stand for.</summary>
    public static bool TryHex(int high, int low, out byte value)
    {
        var h = HexDigit(high);
        var l = HexDigit(low);
        value = (byte)((h << 4) | l);
        return (h | l) >= 0;
    }

    private static int HexDigit(int c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
