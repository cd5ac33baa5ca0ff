namespace EdgeGw.Interop;

/// <summary>The response's body as a <see cref="Stream"/>; a write waits while the client is slow.</summary>
/// <param name="exchange">The request.</param>
/// <param name="sendsAtOnce">Whether each write is sent by itself, without a flush.</param>
internal sealed class ResponseStream(Exchange exchange, bool sendsAtOnce = false) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        exchange.Write(buffer.AsSpan(offset, count));
    }

    /// <summary>Fails when the gateway keeps no more of the response in memory; <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/> waits instead.</summary>
    public override void Write(ReadOnlySpan<byte> buffer) => exchange.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken)
            : sendsAtOnce ? WriteAndSendAsync(buffer)
            : exchange.WriteAsync(buffer);

    /// <summary>Does nothing: only <see cref="FlushAsync(CancellationToken)"/> can wait for a slow client.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
        => cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : exchange.FlushAsync().AsTask();

    private async ValueTask WriteAndSendAsync(ReadOnlyMemory<byte> buffer)
    {
        await exchange.WriteAsync(buffer);
        await exchange.FlushAsync();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
