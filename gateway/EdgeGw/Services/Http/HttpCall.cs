using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;
using EdgeGw.Abi;
using EdgeGw.Epochs;

namespace EdgeGw.Services.Http;

/// <summary>What a call of an HTTP client asks for.</summary>
internal enum HttpOperation
{
    /// <summary><c>send</c></summary>
    Send,
    /// <summary><c>write</c></summary>
    Write,
    /// <summary><c>finish</c></summary>
    Finish,
    /// <summary><c>read</c></summary>
    Read,
    /// <summary><c>close</c></summary>
    Close,
}

/// <summary>One call of an HTTP client. It goes on by itself and leaves its lane at once: a server that does not answer holds up nobody but those who ask it.</summary>
internal sealed class HttpCall : ServiceCall
{
    /// <summary>Bytes of one reply to <c>read</c>, at most.</summary>
    public const int ReadBytes = 64 * 1024;

    private ServiceStream? _stream;
    private byte[]? _piece;
    private int _pieceLength;

    /// <summary>What it asks for.</summary>
    public HttpOperation Operation { get; set; }

    /// <inheritdoc/>
    public override string OperationName => OperationNames<HttpOperation>.Of((int)Operation);

    /// <inheritdoc/>
    public override string? Target => Host;

    /// <summary>What is sent.</summary>
    public OutgoingRequest? Request { get; set; }

    /// <summary>The server, for people.</summary>
    public string Host { get; set; } = "";

    /// <summary>Milliseconds for the answer's head; 0 for the service's own.</summary>
    public int TimeoutMs { get; set; }

    /// <summary>The stream it works on, which it has entered.</summary>
    public ServiceStream Stream
    {
        get => _stream!;
        set => _stream = value;
    }

    /// <summary>Copies the bytes of a write.</summary>
    public void Take(ReadOnlySpan<byte> piece)
    {
        _piece = ArrayPool<byte>.Shared.Rent(piece.Length);
        _pieceLength = piece.Length;
        piece.CopyTo(_piece);
    }

    /// <inheritdoc/>
    protected override int OwnTimeoutMs => TimeoutMs;

    /// <inheritdoc/>
    public override ServiceFault Late(EpochService config)
    {
        var what = Operation switch
        {
            HttpOperation.Write => "took nothing of the request's body",
            HttpOperation.Read => "sent nothing of its answer's body",
            HttpOperation.Send when Request!.IsStreamed => "was not ready for the request's body",
            _ => "did not answer",
        };
        return new ServiceFault(AbiResult.TimedOut, $"{Host} {what} within {(TimeoutMs > 0 ? TimeoutMs : config.TimeoutMs)} ms.", "timeout");
    }

    /// <inheritdoc/>
    public override ValueTask<bool> RunAsync(IServiceBackend backend, CancellationToken cancellationToken)
    {
        _ = ServeAsync((HttpClientBackend)backend, cancellationToken);
        return ValueTask.FromResult(false);
    }

    /// <inheritdoc/>
    protected override void Recycle()
    {
        Leave();
        Request = null;
        Host = "";
        _piece = null;
        TimeoutMs = 0;
        CallPool<HttpCall>.Return(this);
    }

    private async Task ServeAsync(HttpClientBackend client, CancellationToken cancellationToken)
    {
        ServiceFault? fault = null;
        try
        {
            await DoAsync(client, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault = e is ServiceException or OutOfMemoryException || cancellationToken.IsCancellationRequested ? ServiceActor.FaultOf(e, client, this) : HttpFaults.Of(e, Host);
        }
        Leave();
        if (fault is { } known)
        {
            Answer(known);
        }
        else
        {
            Answer();
        }
        Release();
    }

    private void Leave() => Interlocked.Exchange(ref _stream, null)?.Leave();

    private async ValueTask DoAsync(HttpClientBackend client, CancellationToken cancellationToken)
    {
        switch (Operation)
        {
            case HttpOperation.Send:
                await SendAsync(client.Begin(Request!), cancellationToken).ConfigureAwait(false);
                break;
            case HttpOperation.Write:
                await WriteAsync(((HttpUpload)Stream).Transfer, cancellationToken).ConfigureAwait(false);
                break;
            case HttpOperation.Finish:
                var transfer = ((HttpUpload)Stream).Release();
                await Stream.EndAsync().ConfigureAwait(false);
                await AnswerOfAsync(transfer, cancellationToken).ConfigureAwait(false);
                break;
            case HttpOperation.Read:
                await ReadAsync((HttpDownload)Stream, cancellationToken).ConfigureAwait(false);
                break;
            case HttpOperation.Close:
                await Stream.EndAsync().ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"{Operation} is not an operation of an HTTP client.");
        }
    }

    private async ValueTask SendAsync(HttpTransfer transfer, CancellationToken cancellationToken)
    {
        if (!Request!.IsStreamed)
        {
            await AnswerOfAsync(transfer, cancellationToken).ConfigureAwait(false);
            return;
        }
        try
        {
            await transfer.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await transfer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        await new HttpUpload(Binding, Scope, transfer, Host, TimeoutMs).OpenAsync(this).ConfigureAwait(false);
    }

    private async ValueTask WriteAsync(HttpTransfer transfer, CancellationToken cancellationToken)
    {
        var taken = await transfer.WriteAsync(_piece.AsMemory(0, _pieceLength), cancellationToken).ConfigureAwait(false);
        Reply.Result = taken ? AbiResult.Ok : AbiResult.End;
        if (taken)
        {
            // Only what was taken is used again: an aborted connection may still be sending the rest.
            ArrayPool<byte>.Shared.Return(_piece!);
        }
    }

    private async ValueTask AnswerOfAsync(HttpTransfer transfer, CancellationToken cancellationToken)
    {
        try
        {
            Head(await transfer.FinishAsync(cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            await transfer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        await new HttpDownload(Binding, Scope, transfer, Host).OpenAsync(this).ConfigureAwait(false);
    }

    private async ValueTask ReadAsync(HttpDownload download, CancellationToken cancellationToken)
    {
        var room = Reply.ReadingRoom(AbiValueKind.Blob, ReadBytes);
        var read = 0;
        try
        {
            read = await download.Transfer.ReadAsync(room, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (read == 0)
            {
                await download.EndAsync().ConfigureAwait(false);
            }
        }
        if (read == 0)
        {
            Reply.Reset();
            Reply.Result = AbiResult.End;
        }
        else
        {
            Reply.Shorten(read);
        }
    }

    private void Head(HttpResponseMessage response)
    {
        Reply.Int64((int)response.StatusCode);
        Headers(response.Headers.NonValidated);
        Headers(response.Content.Headers.NonValidated);
    }

    private void Headers(HttpHeadersNonValidated headers)
    {
        foreach (var (name, values) in headers)
        {
            if (ConnectionHeaders.Contains(name))
            {
                continue;
            }
            foreach (var value in values)
            {
                Reply.Text(AbiValueKind.Text, name);
                Text(value);
            }
        }
    }

    // The client has made one character of each byte. Bytes that are UTF-8 stay as they are, others are taken for the Latin-1 that HTTP once meant.
    private void Text(string value)
    {
        if (Ascii.IsValid(value))
        {
            Reply.Text(AbiValueKind.Text, value);
            return;
        }
        var bytes = Encoding.Latin1.GetBytes(value);
        if (Utf8.IsValid(bytes))
        {
            Reply.Bytes(AbiValueKind.Text, bytes);
        }
        else
        {
            Reply.Text(AbiValueKind.Text, value);
        }
    }
}
