using System.IO.Compression;
using System.IO.Hashing;

namespace EdgeGw.Bundles;

/// <summary>A file out of an archive: no longer than the archive's directory says, and with the checksum that it says.</summary>
internal sealed class BundleEntryStream(ZipArchiveEntry entry, string name) : Stream
{
    private readonly Stream _inner = entry.Open();
    private readonly Crc32 _checksum = new();
    private long _read;

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
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = _inner.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
        _read += read;
        if (_read > entry.Length)
        {
            throw new BundleRefusedException($"'{name}' is longer than the archive's directory says ({entry.Length} bytes).");
        }
        _checksum.Append(buffer[..read]);
        if (read == 0 && buffer.Length > 0 && (_read != entry.Length || _checksum.GetCurrentHashAsUInt32() != entry.Crc32))
        {
            throw Damaged();
        }
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The archive is a file: there is nothing to wait for.

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private BundleRefusedException Damaged() => new($"'{name}' is damaged: its bytes are not those that were packed.");
}
