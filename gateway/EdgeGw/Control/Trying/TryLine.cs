using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Trying;

/// <summary>Turns what was asked for into a request that cannot go anywhere but to a listener of this gateway.</summary>
internal static class TryLine
{
    private const int MaxPathCharacters = 8_192;
    private const int MaxHeaders = 100;
    private static readonly SearchValues<char> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // They say how the bytes travel between control and the worker, which is not the caller's to say.
    private static readonly HashSet<string> s_ours = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Content-Length", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade" };

    /// <summary>The request; throws <see cref="ChangeRefusedException"/> with a sentence.</summary>
    internal static HttpRequestMessage Parse(TryRequest asked, ListenAddress listener, int maxBodyBytes)
    {
        var method = asked.Method is { Length: > 0 } given ? given : "GET";
        if (method.Length > 32 || method.AsSpan().ContainsAnyExcept(s_token))
        {
            throw Wrong("'method' must be an HTTP method such as GET");
        }
        var path = asked.Path ?? "";
        if (!path.StartsWith('/') || path.Length > MaxPathCharacters || path.Any(c => c is <= ' ' or >= (char)127 or '#'))
        {
            throw Wrong($"'path' must start with '/', have at most {MaxPathCharacters} characters, and what is not ASCII in it must be percent-encoded");
        }
        var address = new UriBuilder(listener.Scheme, TargetOf(listener).ToString(), listener.Port).Uri.GetLeftPart(UriPartial.Authority);
        // As it was typed: a gateway's answer to '/a/../b' is what one wants to see.
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var body = BodyOf(asked, maxBodyBytes);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
        }
        foreach (var (name, value) in Headers(asked))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }
        return request;
    }

    /// <summary>Where a listener is reached from this machine.</summary>
    internal static IPAddress TargetOf(ListenAddress listener) => listener.Addresses()[0].Address switch
    {
        var any when any.Equals(IPAddress.Any) => IPAddress.Loopback,
        // A socket for all addresses takes IPv4 too.
        var any when any.Equals(IPAddress.IPv6Any) => Socket.OSSupportsIPv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback,
        var address => address,
    };

    private static IEnumerable<(string Name, string Value)> Headers(TryRequest asked)
    {
        if (asked.Headers is { Count: > MaxHeaders })
        {
            throw Wrong($"there are more than {MaxHeaders} headers");
        }
        foreach (var header in asked.Headers ?? [])
        {
            if (header?.Name is not { Length: > 0 } name || name.AsSpan().ContainsAnyExcept(s_token))
            {
                throw Wrong($"'{header?.Name}' is not the name of a header");
            }
            if (s_ours.Contains(name))
            {
                throw Wrong($"the header '{name}' is the gateway's own here; leave it out");
            }
            if (header.Value is null || header.Value.Any(c => c is '\r' or '\n' or '\0' or > '\x7e'))
            {
                throw Wrong($"the value of the header '{name}' has a line end or a character that is not ASCII");
            }
            yield return (name, header.Value);
        }
    }

    private static byte[]? BodyOf(TryRequest asked, int maxBodyBytes)
    {
        if (asked is { Body: not null, BodyBase64: not null })
        {
            throw Wrong("a body is given once, as 'body' or as 'bodyBase64'");
        }
        byte[]? body;
        try
        {
            body = asked.BodyBase64 is { } base64 ? Convert.FromBase64String(base64) : asked.Body is { } text ? Encoding.UTF8.GetBytes(text) : null;
        }
        catch (FormatException)
        {
            throw Wrong("'bodyBase64' is not base64");
        }
        return body is not null && body.Length > maxBodyBytes
            ? throw new ChangeRefusedException(413, $"The body to send has more than {maxBodyBytes} bytes (AdminUi:TryMaxBodyBytes).")
            : body;
    }

    private static ChangeRefusedException Wrong(string what) => new(400, $"The request to try is not valid: {what}.");
}
