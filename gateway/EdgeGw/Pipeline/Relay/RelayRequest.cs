using System.Collections.Frozen;
using System.Net;
using EdgeGw.Abi;
using EdgeGw.Pipeline.Accept;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Relay;

/// <summary>A client's request as it is sent on.</summary>
internal static class RelayRequest
{
    // What belongs to the client's connection (RFC 9110, section 7.6.1), what is said anew, and what only the gateway may say.
    private static readonly FrozenSet<string> s_left = FrozenSet.ToFrozenSet(
        ["Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade", "Expect", "Content-Length", RequestId.Header, RelayHead.Name], StringComparer.OrdinalIgnoreCase);

    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Makes it; <paramref name="body"/> is null when the client sends none.</summary>
    public static HttpRequestMessage Make(Exchange exchange, out RelayedBody? body)
    {
        body = null;
        var source = exchange.Request;
        var request = new HttpRequestMessage(HttpMethod.Parse(source.Method), new Uri("http://relay" + Target(source.RawTarget), s_asItIs))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if ((exchange.Memory.Fields.Flags & AbiRequestFlags.HasBody) != 0)
        {
            if (exchange.Feature<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = exchange.Route!.MaxBodyBytes;
            }
            request.Content = body = new RelayedBody(exchange.Feature<IRequestBodyPipeFeature>()!.Reader, exchange.Memory.Fields.ContentLength);
        }
        foreach (var (name, values) in source.Headers)
        {
            // A name that .NET has for content is refused among the others.
            if (!s_left.Contains(name) && name[0] != ':' && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
        // The client's own id is an ordinary header too.
        if (source.Headers.TryGetValue(RequestId.Header, out var id))
        {
            request.Headers.TryAddWithoutValidation(RequestId.Header, (IEnumerable<string?>)id);
        }
        request.Headers.TryAddWithoutValidation(RelayHead.Name, RelayHead.Write(exchange));
        return request;
    }

    // HTTP/2 has the path alone; a target in absolute form names the host as well, which has been read.
    private static string Target(string raw)
    {
        if (raw[0] == '/')
        {
            return raw;
        }
        var authority = raw.IndexOf("://", StringComparison.Ordinal);
        var path = authority < 0 ? -1 : raw.AsSpan(authority + 3).IndexOfAny('/', '?');
        return path < 0 ? "/" : raw[authority + 3 + path] == '/' ? raw[(authority + 3 + path)..] : "/" + raw[(authority + 3 + path)..];
    }
}
