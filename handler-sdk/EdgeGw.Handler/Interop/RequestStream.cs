using System.Runtime.CompilerServices;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The request's body as a <see cref="Stream"/>; copies straight from the server's buffer.</summary>
internal sealed class RequestStream(Exchange exchange) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override int Read(Span<byte> buffer) => exchange.TryReadSome(buffer, out var count) == AbiResult.Ok
        ? count
        : throw new InvalidOperationException("Nothing has arrived yet, and a gateway thread must not block: use ReadAsync.");

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        return exchange.TryReadSome(buffer.Span, out var count) == AbiResult.Ok ? new(count) : WaitAsync(buffer);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    [AsyncMethodBuilder(typeof(InlineTaskBuilder<>))]
    private async ValueTask<int> WaitAsync(Memory<byte> buffer)
    {
        int count;
        do
            await exchange.WaitBodyAsync();
        while (exchange.TryReadSome(buffer.Span, out count) == AbiResult.Pending);
        return count;
    }
}
