using System.Net;
using EdgeGw.Abi;
using EdgeGw.Interop;
using EdgeGw.Pipeline.Match;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Accept;

/// <summary>Reads what every request has into the form that the handler gets.</summary>
internal static class Acceptance
{
    /// <summary>The id that the client sent, if it sent one.</summary>
    public static string? ClientRequestId(Exchange exchange) =>
        exchange.Request.Headers.TryGetValue(RequestId.Header, out var values) && values.Count == 1 ? values[0] : null;

    /// <summary>Decodes the target and fills in the request.</summary>
    public static TargetError Read(Exchange exchange)
    {
        var request = exchange.Request;
        var memory = exchange.Memory;
        var target = request.RawTarget;
        if (target.Length == 0)
        {
            return TargetError.BadForm;
        }
        var room = memory.Take(target.Length, out var path);
        var error = TargetParser.Parse(target, room, exchange.Segments, out var length, out var count, out var queryStart);
        exchange.SegmentCount = count;
        ref var fields = ref memory.Fields;
        fields.Path = ExchangeMemory.Cut(path, length);
        if (error != TargetError.None)
        {
            return error;
        }
        fields.Query = queryStart < target.Length ? memory.StoreLatin1(target.AsSpan(queryStart)) : default;
        fields.Method = KnownTexts.TryGetMethod(request.Method, out var method) ? method : memory.StoreLatin1(request.Method);

        var contentLength = request.Headers.ContentLength;
        fields.ContentLength = contentLength ?? -1;
        var mayHaveBody = contentLength > 0 || (contentLength is null && exchange.Feature<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true);
        fields.Flags = mayHaveBody ? AbiRequestFlags.HasBody : AbiRequestFlags.None;
        if (!mayHaveBody)
        {
            fields.ContentLength = 0;
        }
        if (exchange.Origin?.IsSecure ?? request.Scheme.Length == 5)
        {
            fields.Flags |= AbiRequestFlags.Secure;
        }
        return TargetError.None;
    }

    /// <summary>The host that the request names, without its port.</summary>
    public static ReadOnlySpan<char> Host(Exchange exchange)
    {
        var host = exchange.Request.Headers.Host.ToString().AsSpan();
        var close = host.LastIndexOf(']');
        var colon = host.LastIndexOf(':');
        return colon > close ? host[..colon] : host;
    }

    /// <summary>The client's address and scheme, behind trusted proxies.</summary>
    public static (IPAddress? Address, string Scheme) Client(Exchange exchange)
    {
        if (exchange.Origin is { } origin)
        {
            return (origin.Address, origin.Scheme);
        }
        var request = exchange.Request;
        var scheme = request.Scheme;
        var peer = exchange.Feature<IHttpConnectionFeature>()?.RemoteIpAddress;
        if (peer is { IsIPv4MappedToIPv6: true })
        {
            peer = peer.MapToIPv4();
        }
        var proxies = exchange.Context.Proxies;
        if (peer is null || !proxies.Any)
        {
            return (peer, scheme);
        }
        var headers = request.Headers;
        var address = proxies.Resolve(peer, NullIfEmpty(headers["Forwarded"].ToString()), NullIfEmpty(headers["X-Forwarded-For"].ToString()), NullIfEmpty(headers["X-Forwarded-Proto"].ToString()), ref scheme);
        return (address, scheme);

        static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
    }
}
