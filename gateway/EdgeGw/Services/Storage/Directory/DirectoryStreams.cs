using System.Security.Cryptography;
using EdgeGw.Abi;
using EdgeGw.Interop;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>A file that becomes an object when it is finished.</summary>
internal sealed class DirectoryUpload : ObjectUpload
{
    private readonly ObjectTree _tree;
    private readonly string _key;
    private readonly ObjectHeader _header;
    private readonly long _announced;
    private readonly long _most;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;
    private bool _isBroken;
    private bool _isObject;

    /// <summary>Begins one.</summary>
    public DirectoryUpload(ObjectTree tree, string key, long announced, long most, ObjectHeader header)
    {
        (_tree, _key, _header, _announced, _most) = (tree, key, header, announced, most);
        Check(announced);
        _file = tree.Create();
        _file.Write(ObjectFile.Head(header));
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Check(_length + bytes.Length);
        if (_announced >= 0 && _length + bytes.Length > _announced)
        {
            throw new ServiceException(AbiResult.Refused, $"The upload was announced with {_announced} bytes, and more are written.", "IncompleteBody");
        }
        cancellationToken.ThrowIfCancellationRequested();
        _isBroken = true;
        _file.Write(bytes.Span);
        _hash.AppendData(bytes.Span);
        _length += bytes.Length;
        _isBroken = false;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<ObjectFacts> FinishAsync(CancellationToken cancellationToken)
    {
        if (_isBroken || (_announced >= 0 && _length != _announced))
        {
            throw new ServiceException(AbiResult.Refused, _isBroken ? "A write of this upload failed, so it cannot be finished." : $"The upload was announced with {_announced} bytes and has {_length}.", "IncompleteBody");
        }
        cancellationToken.ThrowIfCancellationRequested();
        var etag = _hash.GetHashAndReset().AsSpan(0, ObjectFile.EtagBytes);
        RandomAccess.Write(_file.SafeFileHandle, etag, ObjectFile.EtagOffset);
        _file.Flush();
        FileSync.Flush(_file.SafeFileHandle, _file.Name);
        var modified = (File.GetLastWriteTimeUtc(_file.SafeFileHandle) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        _tree.Commit(_file.Name, _key);
        _isObject = true;
        return ValueTask.FromResult(new ObjectFacts(_key, _length, modified, Convert.ToHexStringLower(etag), _header.ContentType, _header.Metadata));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _hash.Dispose();
        _file.Dispose();
        if (!_isObject)
        {
            File.Delete(_file.Name);
        }
        return ValueTask.CompletedTask;
    }

    private void Check(long length)
    {
        if (length > _most)
        {
            throw new ServiceException(AbiResult.TooLarge, $"{length} bytes are more than an object of this storage may have ({_most} bytes, setting maxObjectBytes).", "EntityTooLarge");
        }
    }
}

/// <summary>An open object's file; replacing or removing the object does not disturb it.</summary>
internal sealed class DirectoryDownload(SafeFileHandle file, ObjectFacts facts, long position, long remaining) : ObjectDownload(facts, remaining)
{
    private long _position = position;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask<int> ReadSomeAsync(Memory<byte> room, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var read = RandomAccess.Read(file, room.Span, _position);
        _position += read;
        return ValueTask.FromResult(read);
    }
}
