using System.Globalization;
using System.Text;

namespace EdgeGw;

/// <content>Changed copies.</content>
public readonly partial struct Response
{
    /// <summary>The same with another status, 200 to 599.</summary>
    public Response WithStatus(int status) => new(CheckStatus(status), _body, _value, _extra, _headers);

    /// <summary>The same with one more header line; the same name again adds a line of its own. <c>Content-Type</c> replaces that of the body.</summary>
    /// <exception cref="ArgumentException">The name is no token, the value has a line break or NUL, or the header is the gateway's own.</exception>
    public Response WithHeader(string name, string value) => With(new ResponseHeader(_headers, name, value));

    /// <summary>The same with the headers that let pages of another origin read it (Fetch, section 3.2).</summary>
    /// <param name="origin">Who may read it: an origin such as <c>https://example.com</c>, or <c>*</c> for all.</param>
    /// <param name="methods">For the answer to a preflight: the methods allowed, <c>GET, PUT</c>.</param>
    /// <param name="headers">For the answer to a preflight: the request headers allowed.</param>
    /// <param name="credentials">Whether cookies count; needs an origin other than <c>*</c>.</param>
    /// <param name="maxAge">How long a preflight's answer holds, in whole seconds.</param>
    public Response WithCors(string origin = "*", string? methods = null, string? headers = null, bool credentials = false, TimeSpan? maxAge = null)
    {
        if (credentials && origin == "*")
            throw new ArgumentException("A response with credentials needs one origin, not '*'.", nameof(origin));
        var response = WithHeader("Access-Control-Allow-Origin", origin);
        if (origin != "*")
            response = response.WithHeader("Vary", "Origin");
        if (methods is not null)
            response = response.WithHeader("Access-Control-Allow-Methods", methods);
        if (headers is not null)
            response = response.WithHeader("Access-Control-Allow-Headers", headers);
        if (credentials)
            response = response.WithHeader("Access-Control-Allow-Credentials", "true");
        return maxAge is { } age ? response.WithHeader("Access-Control-Max-Age", Seconds(age)) : response;
    }

    /// <summary>The same, to be kept by caches.</summary>
    /// <param name="maxAge">For how long, in whole seconds; zero: never to be kept (<c>no-store</c>).</param>
    /// <param name="shared">Whether caches that serve several users may keep it too.</param>
    public Response WithCache(TimeSpan maxAge, bool shared = true) => WithHeader("Cache-Control",
        maxAge <= TimeSpan.Zero ? "no-store" : $"{(shared ? "public" : "private")}, max-age={Seconds(maxAge)}");

    /// <summary>The same with one more cookie (RFC 6265). What is not allowed in a cookie's value is percent-encoded, as <see cref="Request.Cookie"/> expects.</summary>
    /// <param name="name">A token.</param>
    /// <param name="value">Any text.</param>
    /// <param name="options">Its attributes; without: path <c>/</c>, HttpOnly, SameSite=Lax, until the browser ends.</param>
    public Response WithCookie(string name, string value, CookieOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!ResponseHeader.IsToken(name))
            throw new ArgumentException($"'{name}' is not a cookie name: letters, digits and !#$%&'*+-.^_`|~ are allowed.", nameof(name));
        options ??= CookieOptions.Default;
        var cookie = new StringBuilder(name).Append('=').Append(Uri.EscapeDataString(value));
        Append(cookie, "Path", options.Path);
        Append(cookie, "Domain", options.Domain);
        if (options.MaxAge is { } age)
            Append(cookie, "Max-Age", Seconds(age));
        if (options.Expires is { } expires)
            Append(cookie, "Expires", expires.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture));
        if (options.Secure)
            cookie.Append("; Secure");
        if (options.HttpOnly)
            cookie.Append("; HttpOnly");
        cookie.Append(options.SameSite switch { SameSite.None => "; SameSite=None", SameSite.Strict => "; SameSite=Strict", _ => "; SameSite=Lax" });
        return WithHeader("Set-Cookie", cookie.ToString());
    }

    private static void Append(StringBuilder cookie, string attribute, string? value)
    {
        if (value is null)
            return;
        if (value.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || value.Contains(';', StringComparison.Ordinal))
            throw new ArgumentException($"The cookie's {attribute} must not contain ';' or control characters.");
        cookie.Append("; ").Append(attribute).Append('=').Append(value);
    }

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
