using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// An object that is being written, with constant memory. It is there when <see cref="FinishAsync"/> has succeeded, and not before; disposing of it
/// unfinished discards it. Only asynchronous writes, one at a time; what is written must not change until the write is done.
/// </summary>
public sealed class UploadStream : Stream
{
    private static readonly ReplyReader<ObjectInfo> ReadInfo = static (call, reply)
        => ObjectInfo.Read(reply, 0, (int)Abi.AbiObject.Facts, (string)call.Argument!);

    private readonly OpenHandle _open;
    private readonly string _key;
    private long _written;

    internal UploadStream(OpenHandle open, string key)
    {
        _open = open;
        _key = key;
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <summary>Bytes written so far.</summary>
    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the object: it is there now, in the place of one of the same key.</summary>
    public ValueTask<ObjectInfo> FinishAsync() => StorageCalls.Finish(_open, ReadInfo, _key);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        if (buffer.IsEmpty)
            return default;
        _written += buffer.Length;
        return StorageCalls.Write(_open, buffer);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Not possible: a gateway thread must not block. Use <see cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public override void Write(byte[] buffer, int offset, int count)
        => throw new InvalidOperationException("A gateway thread must not block: use WriteAsync.");

    /// <summary>Does nothing: each write is passed on at once.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Discards the object, unless it is finished.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            StreamCalls.CloseForgotten(_open);
        base.Dispose(disposing);
    }
}
