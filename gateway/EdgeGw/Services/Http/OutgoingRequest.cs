using System.Net;

namespace EdgeGw.Services.Http;

/// <summary>A request as a handler wants it sent, checked as far as its text goes.</summary>
/// <param name="Method">A token, not CONNECT.</param>
/// <param name="Url">Absolute, http or https.</param>
/// <param name="Headers">Names are tokens; a value's characters are its bytes (Latin-1).</param>
/// <param name="Body">The whole body, when <paramref name="BodyLength"/> is <see cref="Whole"/>. Its memory is never used for anything else: an aborted connection may still be sending it.</param>
/// <param name="BodyLength"><see cref="Whole"/>; else the body comes by pieces, of so many bytes or, with -1, of any number.</param>
/// <param name="MaxRedirects">How many redirects are followed.</param>
internal sealed record OutgoingRequest(string Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body, long BodyLength, int MaxRedirects)
{
    /// <summary>The body is given whole.</summary>
    public const long Whole = -2;

    /// <summary>Whether the body comes by pieces.</summary>
    public bool IsStreamed => BodyLength != Whole;

    /// <summary>Bytes of the request line and the header lines, about.</summary>
    public long HeadBytes => Method.Length + Url.AbsoluteUri.Length + Headers.Sum(header => header.Key.Length + header.Value.Length + 4L);

    /// <summary>What the client sends. Dropped are the headers that belong to one connection only, and those that follow from the URL and the body.</summary>
    public HttpRequestMessage ToMessage(HttpContent? content)
    {
        var message = new HttpRequestMessage(HttpMethod.Parse(Method), Url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = content,
        };
        var nominated = ConnectionHeaders.NominatedBy(Headers);
        foreach (var (name, value) in Headers)
        {
            if (ConnectionHeaders.Contains(name) || ConnectionHeaders.IsFraming(name) || nominated?.Contains(name) == true || message.Headers.TryAddWithoutValidation(name, value))
            {
                continue;
            }
            // One that describes a body, whether there is one or not.
            message.Content ??= new ReadOnlyMemoryContent(default);
            message.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    /// <summary>Where a redirect leads, when it is one that is followed: not without a place, not from https to http, and not when a body that is gone had to be sent again.</summary>
    public OutgoingRequest? After(HttpResponseMessage response)
    {
        var keepsBody = response.StatusCode switch
        {
            HttpStatusCode.MovedPermanently or HttpStatusCode.Found => Method != "POST",
            HttpStatusCode.SeeOther => Method is "GET" or "HEAD",
            HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => true,
            _ => default(bool?),
        };
        if (keepsBody is not { } keeps || response.Headers.Location is not { } location || (keeps && IsStreamed)
            || !Uri.TryCreate(Url, location, out var next) || next.Scheme is not ("http" or "https") || (Url.Scheme == "https" && next.Scheme == "http"))
        {
            return null;
        }
        // Secrets stay with the server they were meant for.
        var elsewhere = Uri.Compare(Url, next, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) != 0;
        return this with
        {
            Method = keeps ? Method : "GET",
            Url = next,
            Body = keeps ? Body : default,
            BodyLength = Whole,
            Headers = [.. Headers.Where(header => (keeps || !header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)) && !(elsewhere && ConnectionHeaders.IsSecret(header.Key)))],
        };
    }
}

/// <summary>Header names with a meaning of their own for a client in the middle.</summary>
internal static class ConnectionHeaders
{
    private static readonly HashSet<string> s_connection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>Whether it says something about one connection, not about the message (RFC 9110, section 7.6.1).</summary>
    public static bool Contains(string name) => s_connection.Contains(name);

    /// <summary>Whether it follows from the URL or the body.</summary>
    public static bool IsFraming(string name) => name.Equals("Host", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it proves who asks.</summary>
    public static bool IsSecret(string name) => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase);

    /// <summary>The names that Connection headers make belong to the connection; null for none.</summary>
    public static HashSet<string>? NominatedBy(IEnumerable<KeyValuePair<string, string>> headers)
    {
        HashSet<string>? names = null;
        foreach (var (name, value) in headers)
        {
            if (name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                (names ??= new(StringComparer.OrdinalIgnoreCase)).UnionWith(value.Split(',', StringSplitOptions.TrimEntries));
            }
        }
        return names;
    }
}
