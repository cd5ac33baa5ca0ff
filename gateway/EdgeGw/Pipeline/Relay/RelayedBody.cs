using System.IO.Pipelines;
using System.Net;

namespace EdgeGw.Pipeline.Relay;

/// <summary>A request's body on its way to an isolated worker, as it comes from the client. Nothing is kept: what has been read cannot be sent again.</summary>
internal sealed class RelayedBody(PipeReader reader, long length) : HttpContent
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hasBegun;

    /// <summary>Why the client's side of it failed; null when it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether it was asked for.</summary>
    public bool HasBegun => Volatile.Read(ref _hasBegun) != 0;

    /// <summary>Ends once nobody reads from the client any more.</summary>
    public Task StopAsync()
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) == 0)
        {
            return Task.CompletedTask;
        }
        reader.CancelPendingRead();
        return _ended.Task;
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) != 0)
        {
            throw new InvalidOperationException("The body is on its way already.");
        }
        try
        {
            while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { IsCanceled: false } read)
            {
                foreach (var piece in read.Buffer)
                {
                    await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                }
                // What a client sends bit by bit arrives bit by bit.
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
            throw new OperationCanceledException("The request has ended before its body.");
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long bytes)
    {
        bytes = length;
        return length >= 0;
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failure = e;
            throw;
        }
    }
}
