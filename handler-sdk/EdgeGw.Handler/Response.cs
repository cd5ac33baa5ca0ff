using EdgeGw.Bodies;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// An answer: a status, headers and a body. A value: each <c>With…</c> method gives a changed copy, and one may be kept and returned again and
/// again unless its body is a stream. Nothing is sent before the handler has returned it. The default is 200 without a body.
/// </summary>
public readonly partial struct Response
{
    private readonly int _status;
    private readonly ResponseBody? _body;
    private readonly object? _value;
    private readonly object? _extra;
    private readonly ResponseHeader? _headers;

    private Response(int status, ResponseBody? body = null, object? value = null, object? extra = null, ResponseHeader? headers = null)
    {
        _status = status;
        _body = body;
        _value = value;
        _extra = extra;
        _headers = headers;
    }

    /// <summary>The HTTP status.</summary>
    public int Status => _status == 0 ? 200 : _status;

    internal ResponseHeader? Headers => _headers;

    /// <summary>Gives the response to the gateway; done when it returns unless something had to wait.</summary>
    internal ValueTask WriteAsync(Exchange exchange)
    {
        exchange.BeginResponse(Status);
        if (_body is { } body && (_headers is null || !_headers.Contains("Content-Type")))
            exchange.Header("Content-Type"u8, body.ContentType);
        _headers?.Write(exchange);
        return _body is null ? default : _body.WriteAsync(exchange, Status, _value, _extra);
    }

    private Response With(ResponseHeader headers) => new(_status, _body, _value, _extra, headers);
}
