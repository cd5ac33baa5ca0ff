using System.Buffers;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>A response's headers: a list that shares its tail, so that a <see cref="Response"/> stays a value.</summary>
internal sealed class ResponseHeader
{
    /// <summary>Longer names serve nobody; the bound lets them be encoded on the stack.</summary>
    public const int MaxNameLength = 128;

    // RFC 9110, section 5.6.2: token.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");

    private readonly ResponseHeader? _previous;
    private readonly string _name;
    private readonly string _value;

    public ResponseHeader(ResponseHeader? previous, string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.Length > MaxNameLength || !IsToken(name))
            throw new ArgumentException($"'{name}' is not a header name: at most {MaxNameLength} letters, digits and !#$%&'*+-.^_`|~ are allowed.", nameof(name));
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            throw new ArgumentException($"The value of the header {name} contains a line break or NUL.", nameof(value));
        if (IsGatewaysOwn(name))
            throw new ArgumentException($"The header {name} is the gateway's own and cannot be set by a handler.", nameof(name));
        _previous = previous;
        _name = name;
        _value = value;
    }

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExcept(Token) < 0;

    public bool Contains(string name)
    {
        for (var header = this; header is not null; header = header._previous)
        {
            if (header._name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>Writes all, in the order they were added.</summary>
    public void Write(Exchange exchange)
    {
        var count = 0;
        for (var header = this; header is not null; header = header._previous)
            count++;
        var ordered = ArrayPool<ResponseHeader>.Shared.Rent(count);
        var header2 = this;
        for (var i = count - 1; i >= 0; i--, header2 = header2._previous!)
            ordered[i] = header2;
        for (var i = 0; i < count; i++)
            exchange.Header(ordered[i]._name, ordered[i]._value);
        ArrayPool<ResponseHeader>.Shared.Return(ordered, clearArray: true);
    }

    private static bool IsGatewaysOwn(string name) => name.Length switch
    {
        2 => name.Equals("TE", StringComparison.OrdinalIgnoreCase),
        7 => name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase),
        10 => name.Equals("Connection", StringComparison.OrdinalIgnoreCase) || name.Equals("Keep-Alive", StringComparison.OrdinalIgnoreCase),
        16 => name.Equals("Proxy-Connection", StringComparison.OrdinalIgnoreCase),
        17 => name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
