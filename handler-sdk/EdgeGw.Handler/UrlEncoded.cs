using System.Buffers;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>Reads <c>application/x-www-form-urlencoded</c> (WHATWG URL, section 5.1), which is also how queries are written.</summary>
internal static class UrlEncoded
{
    /// <summary>The pairs in order. A '+' is a blank; a '%' that no two hex digits follow is itself.</summary>
    /// <param name="bytes">What to read.</param>
    /// <param name="limit">The most pairs to accept.</param>
    /// <exception cref="HandlerError.BadRequest">There are more.</exception>
    public static List<KeyValuePair<string, string>> Parse(ReadOnlySpan<byte> bytes, int limit)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (bytes.IsEmpty)
            return pairs;
        var buffer = ArrayPool<byte>.Shared.Rent(bytes.Length); // decoding never lengthens
        try
        {
            foreach (var range in bytes.Split((byte)'&'))
            {
                var pair = bytes[range];
                if (pair.IsEmpty)
                    continue;
                if (pairs.Count >= limit)
                    throw new HandlerError.BadRequest($"The form has more than {limit} fields.");
                var equals = pair.IndexOf((byte)'=');
                var (name, value) = equals < 0 ? (pair.Length, pair.Length) : (equals, equals + 1);
                pairs.Add(new(Decode(pair[..name], buffer), Decode(pair[value..], buffer)));
            }
            return pairs;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Decode(ReadOnlySpan<byte> encoded, Span<byte> buffer)
    {
        if (encoded.IndexOfAny((byte)'%', (byte)'+') < 0)
            return Exchange.Text(encoded);
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var b = encoded[i];
            if (b == '+')
            {
                b = (byte)' ';
            }
            else if (b == '%' && i + 2 < encoded.Length && char.IsAsciiHexDigit((char)encoded[i + 1]) && char.IsAsciiHexDigit((char)encoded[i + 2]))
            {
                b = (byte)((Hex(encoded[i + 1]) << 4) | Hex(encoded[i + 2]));
                i += 2;
            }
            buffer[length++] = b;
        }
        return Exchange.Text(buffer[..length]);
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
