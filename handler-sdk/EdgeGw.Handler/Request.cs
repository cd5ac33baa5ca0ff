using System.Net;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// One request. Valid until the response has been sent; do not keep it. One thread at a time. Getters of text give what was received as UTF-8, or,
/// where it is not that, each byte as the character of its number.
/// </summary>
public sealed partial class Request
{
    private readonly Exchange _exchange;
    private string? _method;
    private string? _path;
    private string? _requestId;
    private List<KeyValuePair<string, string>>? _query;
    private List<KeyValuePair<string, string>>? _cookies;

    internal Request(Exchange exchange) => _exchange = exchange;

    /// <summary>The method as sent: <c>GET</c>.</summary>
    public string Method => _method ??= KnownMethod(_exchange.Method) ?? Exchange.Text(_exchange.Method);

    /// <summary>The path, percent-decoded once, without dot segments. Begins with '/'.</summary>
    public string Path => _path ??= Exchange.Text(_exchange.Path);

    /// <summary>The bytes of <see cref="Path"/>: what was percent-encoded need not be text.</summary>
    public ReadOnlySpan<byte> PathBytes => _exchange.Path;

    /// <summary>The query as sent, not decoded, without the '?'.</summary>
    public string QueryString => Exchange.Text(_exchange.Query);

    /// <summary>The request target as sent: path and query, not decoded.</summary>
    public string Target => _exchange.Property(AbiProperty.Target) ?? "";

    /// <summary>The authority's host as sent, without port. May be empty on HTTP/1.0.</summary>
    public string Host => _exchange.Property(AbiProperty.Host) ?? "";

    /// <summary><c>http</c> or <c>https</c>, as the client saw it.</summary>
    public string Scheme => _exchange.Property(AbiProperty.Scheme) ?? "http";

    /// <summary><c>HTTP/1.1</c>, <c>HTTP/2</c> ...</summary>
    public string Protocol => _exchange.Property(AbiProperty.Protocol) ?? "";

    /// <summary>True when the client's side of the connection is TLS.</summary>
    public bool IsSecure => _exchange.IsSecure;

    /// <summary>The pattern of the route that matched.</summary>
    public string Route => _exchange.Property(AbiProperty.Route) ?? "";

    /// <summary>The client's address; behind a trusted proxy, the one it forwarded. <see cref="IPAddress.None"/> when there is none (a Unix socket).</summary>
    public IPAddress ClientAddress => IPAddress.TryParse(_exchange.Property(AbiProperty.ClientAddress), out var address) ? address : IPAddress.None;

    /// <summary>The id that the client gets as X-Request-Id and that every log line of this request has.</summary>
    public string RequestId => _requestId ??= _exchange.Property(AbiProperty.RequestId) ?? "";

    internal void Reset()
    {
        _method = null;
        _path = null;
        _requestId = null;
        _query = null;
        _cookies = null;
        _bodyStream = null;
    }

    private static string? KnownMethod(ReadOnlySpan<byte> method) => method.Length switch
    {
        3 when method.SequenceEqual("GET"u8) => "GET",
        3 when method.SequenceEqual("PUT"u8) => "PUT",
        4 when method.SequenceEqual("POST"u8) => "POST",
        4 when method.SequenceEqual("HEAD"u8) => "HEAD",
        5 when method.SequenceEqual("PATCH"u8) => "PATCH",
        6 when method.SequenceEqual("DELETE"u8) => "DELETE",
        7 when method.SequenceEqual("OPTIONS"u8) => "OPTIONS",
        _ => null,
    };
}
