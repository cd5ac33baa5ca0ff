using EdgeGw.Abi;

namespace EdgeGw.Services.Http;

/// <summary>One request under way, from its place in the service to the end of its answer's body. Used by one call at a time. Disposing gives up what is not over.</summary>
internal sealed class HttpTransfer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpPlace _place;
    private readonly StreamedBody? _body;
    private readonly Task<HttpResponseMessage> _answer;
    private readonly long _most;
    private Stream? _content;
    private long _read;
    private int _disposed;

    /// <summary>Begins to send.</summary>
    /// <param name="client">What it goes through.</param>
    /// <param name="request">What is sent.</param>
    /// <param name="place">The request's place; given back in the end.</param>
    /// <param name="most">The most bytes of the answer's body.</param>
    public HttpTransfer(HttpClientBackend client, OutgoingRequest request, HttpPlace place, long most)
    {
        (_place, _most) = (place, most);
        _body = request.IsStreamed ? new StreamedBody(request.BodyLength) : null;
        _answer = client.ExchangeAsync(request, _body, place, _stop.Token);
    }

    /// <summary>Ends when the body may be written; throws when it comes to nothing.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(_body!.Opened, _answer).WaitAsync(cancellationToken).ConfigureAwait(false) == _answer)
        {
            await _answer.ConfigureAwait(false);
        }
    }

    /// <summary>Sends the next bytes of the body; false when the server has answered and takes no more. An answer alone says nothing: over HTTP/2 a server may answer while it listens.</summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_answer.IsFaulted || (_answer.IsCompleted && !_body!.Opened.IsCompleted))
        {
            await _answer.ConfigureAwait(false);
            return false;
        }
        if (_body!.Announced >= 0 && _body.Written + bytes.Length > _body.Announced)
        {
            throw new ServiceException(AbiResult.Refused, $"The request's body was announced with {_body.Announced} bytes, and more are written.", "body-length");
        }
        try
        {
            await _body.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A server that has heard enough answers and closes: then its answer counts. Else this throws.
            _body.Fail(e);
            await _answer.WaitAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>The answer's head, after the end of the body where that came by pieces.</summary>
    public async ValueTask<HttpResponseMessage> FinishAsync(CancellationToken cancellationToken)
    {
        if (_body is not null)
        {
            if (_body.Announced < 0 || _body.Written == _body.Announced)
            {
                _body.Finish();
            }
            else if (!_answer.IsCompleted)
            {
                throw new ServiceException(AbiResult.Refused, $"The request's body was announced with {_body.Announced} bytes and has {_body.Written}.", "body-length");
            }
        }
        var response = await _answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (response.Content.Headers.ContentLength is { } length && length > _most && HasBody(response))
        {
            throw TooLarge($"{length} bytes");
        }
        return response;
    }

    /// <summary>Reads some bytes of the answer's body; 0 at its end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> room, CancellationToken cancellationToken)
    {
        _content ??= await (await _answer.ConfigureAwait(false)).Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var read = await _content.ReadAsync(room, cancellationToken).ConfigureAwait(false);
        _read += read;
        return _read <= _most ? read : throw TooLarge("more bytes");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        try
        {
            if (!_answer.IsCompletedSuccessfully)
            {
                await _stop.CancelAsync().ConfigureAwait(false);
            }
            // A body of which something is left closes its connection.
            (await _answer.ConfigureAwait(false)).Dispose();
        }
        catch (Exception)
        {
            // Given up: nobody asks any more why.
        }
        finally
        {
            // Ends what is still written: a server may answer before it has heard all.
            _body?.Abandon();
            _place.Dispose();
            _stop.Dispose();
        }
    }

    private static bool HasBody(HttpResponseMessage response) =>
        response.RequestMessage?.Method != HttpMethod.Head && response.StatusCode is not (System.Net.HttpStatusCode.NotModified or System.Net.HttpStatusCode.NoContent);

    private ServiceException TooLarge(string what) => new(AbiResult.TooLarge, $"The answer has {what}; this service takes {_most} at most (setting maxResponseBytes).", "response-too-large");
}
