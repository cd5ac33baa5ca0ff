using EdgeGw.Pipeline.Accept;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Pipeline.Send;

// What the gateway itself writes: its headers, and answers in the handler's place.
internal sealed partial class ResponseWriter
{
    /// <summary>Adds the request's id.</summary>
    public void AddRequestId() =>
        _response.Headers[RequestId.Header] = _exchange.RequestId.ForResponse(mayBeKept: _exchange.Request.Protocol != "HTTP/1.1");

    /// <summary>Forgets what the handler set, for an answer of the gateway's own. Only before the head was sent.</summary>
    public void Clear()
    {
        _lent.Return();
        _response.Headers.Clear();
        _response.StatusCode = StatusCodes.Status200OK;
        _announced = -1;
        _staged = 0;
        _lentBytes = 0;
        Written = 0;
        AddRequestId();
    }

    /// <summary>Writes the whole body of an answer of the gateway's own, past whatever room the handler still holds.</summary>
    public void WriteOwn(ReadOnlySpan<byte> body)
    {
        _announced = body.Length;
        Written = body.Length;
        if (_bodyless)
        {
            _response.Headers.ContentLength = body.Length;
            return;
        }
        StartBody();
        Copy(_writer!, body);
    }

    /// <summary>Adds a header of the gateway's own.</summary>
    public void SetHeader(string name, string value) => _response.Headers[name] = value;

    /// <summary>Has the head of an answer without a body written now on HTTP/1.1, where it holds the exchange's own request id string, which the next request writes anew. (HTTP/2
    /// has a string of its own there, and sends such a head together with the end of the stream.)</summary>
    public void EnsureHeadWritten()
    {
        if (!HeadSent && _exchange.Request.Protocol == "HTTP/1.1")
        {
            StartBody();
        }
    }

    /// <summary>Sets a status of the gateway's own.</summary>
    public void SetStatusCode(int status) => _response.StatusCode = status;

    /// <summary>Counts bytes of a body that went past this writer.</summary>
    public void CountOwn(long bytes) => Written += bytes;

    /// <summary>Whether a body may follow the head, as status and method stand.</summary>
    public bool TakesBody => !_bodyless && !IsBodyForbidden;

    /// <summary>Adds a header that an isolated worker's answer has.</summary>
    public void CopyHeader(string name, System.Net.Http.Headers.HeaderStringValues values)
    {
        if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && long.TryParse(values.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var length))
        {
            _announced = length;
            _response.Headers.ContentLength = IsBodyForbidden ? null : length;
            return;
        }
        _response.Headers[name] = values.Count == 1 ? values.ToString() : new StringValues([.. values]);
    }

    /// <summary>Sends the head of an isolated worker's answer before its body.</summary>
    public async ValueTask SendHeadAsync(CancellationToken cancellation)
    {
        StartBody();
        await _writer!.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a piece of an isolated worker's answer. Throws <see cref="OperationCanceledException"/> when nobody takes it any more.</summary>
    public async ValueTask CopyBodyAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        if (!HeadSent)
        {
            StartBody();
        }
        Written += piece.Length;
        var sent = await _writer!.WriteAsync(piece, cancellation).ConfigureAwait(false);
        if (sent.IsCompleted || sent.IsCanceled)
        {
            throw new OperationCanceledException("The client takes no more.");
        }
    }

    /// <summary>Sends the whole response now, although the request goes on.</summary>
    public Task CompleteNowAsync() => _body.CompleteAsync();
}
