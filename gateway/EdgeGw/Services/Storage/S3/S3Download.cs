namespace EdgeGw.Services.Storage.S3;

/// <summary>An answer with an object on its way in; the server sends no more than is read, and what its connection buffers.</summary>
internal sealed class S3Download(HttpResponseMessage response, Stream content, ObjectFacts facts, long remaining, OpenStreams streams) : ObjectDownload(facts, remaining)
{
    private int _isClosed;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            response.Dispose();
            streams.Leave();
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask<int> ReadSomeAsync(Memory<byte> room, CancellationToken cancellationToken) => content.ReadAsync(room, cancellationToken);
}
