using System.Buffers;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// Bytes that a service sends piece by piece, forward only, with constant memory. A read copies straight from the gateway's memory; what does not fit is
/// kept for the next one. Only asynchronous reads: a gateway thread must not block. One at a time.
/// </summary>
public abstract class ReceivedStream : Stream
{
    private static readonly ReplyReader<int> Take = static (call, reply) => ((ReceivedStream)call.Argument!).TakeFrom(reply, call.Destination.Span);

    private readonly OpenHandle? _open;
    private byte[]? _rest;
    private int _start;
    private int _end;

    private protected ReceivedStream(OpenHandle? open) => _open = open;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        if (buffer.IsEmpty)
            return new(0);
        var kept = Math.Min(_end - _start, buffer.Length);
        if (kept > 0)
        {
            _rest.AsSpan(_start, kept).CopyTo(buffer.Span);
            _start += kept;
            return new(kept);
        }
        return _open is { IsOpen: true } ? StreamCalls.Read(_open, Take, this, buffer) : new(0);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Works only while bytes are at hand: a gateway thread must not block. Use <see cref="ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        var kept = Math.Min(_end - _start, count);
        if (kept == 0 && count > 0 && _open is { IsOpen: true })
            throw new InvalidOperationException("Nothing has arrived yet, and a gateway thread must not block: use ReadAsync.");
        _rest.AsSpan(_start, kept).CopyTo(buffer.AsSpan(offset));
        _start += kept;
        return kept;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Gives up what was not read.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (_open is not null)
                StreamCalls.CloseForgotten(_open);
            _start = _end = 0;
            if (Interlocked.Exchange(ref _rest, null) is { } rest)
                ArrayPool<byte>.Shared.Return(rest);
        }
        base.Dispose(disposing);
    }

    private int TakeFrom(scoped Reply reply, Span<byte> destination)
    {
        var bytes = reply.Bytes(0);
        if (reply.Result == AbiResult.End || bytes.IsEmpty)
        {
            _open!.Close();
            return 0;
        }
        var count = Math.Min(bytes.Length, destination.Length);
        bytes[..count].CopyTo(destination);
        bytes = bytes[count..];
        if (_rest is null || _rest.Length < bytes.Length)
        {
            if (_rest is not null)
                ArrayPool<byte>.Shared.Return(_rest);
            _rest = bytes.IsEmpty ? null : ArrayPool<byte>.Shared.Rent(bytes.Length);
        }
        bytes.CopyTo(_rest);
        (_start, _end) = (0, bytes.Length);
        return count;
    }
}
