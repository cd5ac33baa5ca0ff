using EdgeGw.Interop;

namespace EdgeGw;

/// <content>Headers and cookies.</content>
public sealed partial class Request
{
    /// <summary>All headers, repeated ones included; equal names in the order sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers
    {
        get
        {
            var headers = new List<KeyValuePair<string, string>>();
            for (uint cursor = 0; _exchange.NextHeader(ref cursor, out var name, out var value);)
                headers.Add(new(Exchange.Text(name), Exchange.Text(value)));
            return headers;
        }
    }

    /// <summary>The first value of a header (case-insensitive), or null.</summary>
    public string? Header(string name) => _exchange.TryGetHeader(name, out var value) ? Exchange.Text(value) : null;

    /// <summary>The bytes of the first value of a header (case-insensitive); empty when there is none.</summary>
    public ReadOnlySpan<byte> HeaderBytes(string name) => _exchange.TryGetHeader(name, out var value) ? value : default;

    /// <summary>The values of all headers of that name (case-insensitive), in the order sent.</summary>
    public IEnumerable<string> HeaderAll(string name)
        => Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);

    /// <summary>The body's media type with its parameters, or null.</summary>
    public string? ContentType => Header("Content-Type");

    /// <summary>The cookies, in the order sent (RFC 6265, section 5.4), with what <see cref="Response.WithCookie"/> encoded decoded again.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Cookies => _cookies ??= ParseCookies();

    /// <summary>The first cookie of that name (case-sensitive), or null.</summary>
    public string? Cookie(string name)
    {
        foreach (var (key, value) in Cookies)
        {
            if (key == name)
                return value;
        }
        return null;
    }

    private List<KeyValuePair<string, string>> ParseCookies()
    {
        var cookies = new List<KeyValuePair<string, string>>();
        foreach (var line in HeaderAll("Cookie")) // HTTP/2 may split it into several
        {
            foreach (var range in line.AsSpan().Split(';'))
            {
                var pair = line.AsSpan(range).Trim();
                var equals = pair.IndexOf('=');
                if (equals <= 0)
                    continue;
                var value = pair[(equals + 1)..];
                if (value is ['"', .., '"'])
                    value = value[1..^1];
                cookies.Add(new(pair[..equals].ToString(), Uri.UnescapeDataString(value)));
            }
        }
        return cookies;
    }
}
