using System.Net;

namespace EdgeGw.Services.Http;

/// <summary>A request's body that is written piece by piece, straight into the connection: a piece is taken when the connection has taken it, so nothing gathers here.</summary>
/// <param name="length">Bytes in all; -1 when not known.</param>
internal sealed class StreamedBody(long length) : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when bytes can be written. Never, when the connection is not made.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Bytes so far.</summary>
    public long Written { get; private set; }

    /// <summary>Bytes in all; -1 when not known.</summary>
    public long Announced => length;

    /// <summary>Writes the next bytes and sends them on their way.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var stream = await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        Written += bytes.Length;
    }

    /// <summary>There is no more.</summary>
    public void Finish() => _ended.TrySetResult();

    /// <summary>It could not be written.</summary>
    public void Fail(Exception reason) => _ended.TrySetException(reason);

    /// <summary>Nobody will write it.</summary>
    public void Abandon() => _ended.TrySetCanceled();

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The head goes out now: a server may want to answer before the first byte.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (!_opened.TrySetResult(stream))
        {
            throw new IOException("The request's body has been sent once, and is gone.");
        }
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return length >= 0;
    }
}
