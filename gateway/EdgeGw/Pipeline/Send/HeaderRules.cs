using System.Buffers;

namespace EdgeGw.Pipeline.Send;

/// <summary>What a handler may send as a header (RFC 9110, section 5).</summary>
internal static class HeaderRules
{
    /// <summary>The longest header name, in bytes.</summary>
    public const int MaxName = 256;

    /// <summary>The longest header value, in bytes.</summary>
    public const int MaxValue = 16_384;

    /// <summary>The most header lines of a response.</summary>
    public const int MaxLines = 256;

    private static readonly SearchValues<byte> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> s_forbiddenInValue = SearchValues.Create([.. Enumerable.Range(0, 32).Where(b => b != '\t').Select(b => (byte)b), 0x7f]);

    /// <summary>Whether it is a token.</summary>
    public static bool IsName(ReadOnlySpan<byte> name) => name.Length is > 0 and <= MaxName && !name.ContainsAnyExcept(s_token);

    /// <summary>Whether it has no control characters, and no space around it.</summary>
    public static bool IsValue(ReadOnlySpan<byte> value) =>
        value.Length <= MaxValue && !value.ContainsAny(s_forbiddenInValue) && (value.IsEmpty || (value[0] is not ((byte)' ' or (byte)'\t') && value[^1] is not ((byte)' ' or (byte)'\t')));

    /// <summary>Whether the gateway sets it and a handler may not: what belongs to the connection rather than to the message (RFC 9110, section 7.6.1).</summary>
    public static bool IsReserved(string name) => name.Length switch
    {
        2 => Is(name, "TE"),
        7 => Is(name, "Upgrade") || Is(name, "Trailer"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        _ => false,
    };

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
