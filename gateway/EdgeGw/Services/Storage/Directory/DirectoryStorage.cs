using EdgeGw.Abi;
using EdgeGw.Control.Storage;
using EdgeGw.Epochs;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>The embedded storage: objects as files below one folder. An object appears whole, by a rename, when its bytes are on the disk.</summary>
internal sealed class DirectoryStorage : IStorageBackend
{
    private readonly ObjectTree _tree;
    private readonly long _maxObjectBytes;
    private readonly TimeProvider _time;

    private DirectoryStorage(string root, string service, string publicUrl, string keyFile, int maxPieceBytes, long maxObjectBytes, TimeProvider time)
    {
        _tree = new ObjectTree(root, time);
        _maxObjectBytes = maxObjectBytes;
        _time = time;
        MaxPieceBytes = maxPieceBytes;
        Presigned = new PresignedUrls(new PresignKey(keyFile), service, publicUrl, time);
    }

    /// <inheritdoc/>
    public bool IsImmediate => false;

    /// <inheritdoc/>
    public bool Blocks => true;

    /// <inheritdoc/>
    public int MaxPieceBytes { get; }

    /// <summary>The most bytes of one object.</summary>
    public long MaxObjectBytes => _maxObjectBytes;

    /// <summary>The URLs that this storage gives out, and believes.</summary>
    public PresignedUrls Presigned { get; }

    /// <summary>Makes one from its settings.</summary>
    public static DirectoryStorage Create(EpochService config, string stateDirectory, TimeProvider time)
    {
        var settings = new ServiceSettings(config, stateDirectory);
        return new DirectoryStorage(
            settings.Path("path"),
            config.Name,
            settings.Text("publicUrl").TrimEnd('/'),
            Path.Combine(stateDirectory, "storage-presign.key"),
            (int)settings.Number("maxPieceBytes"),
            settings.Number("maxObjectBytes"),
            time);
    }

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        _ = _tree.Objects;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ServiceFault Classify(Exception exception) => exception is IOException or UnauthorizedAccessException
        ? new ServiceFault(AbiResult.IoError, $"The storage's folder could not be used: {Files.Reason(exception)}.")
        : new ServiceFault(AbiResult.Internal, $"The storage failed: {exception.Message}");

    /// <inheritdoc/>
    public async ValueTask PutAsync(string key, ReadOnlyMemory<byte> body, ObjectHeader header, CancellationToken cancellationToken)
    {
        await using var upload = new DirectoryUpload(_tree, key, body.Length, _maxObjectBytes, header);
        await upload.WriteAsync(body, cancellationToken).ConfigureAwait(false);
        await upload.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ObjectUpload> OpenWriteAsync(string key, long length, ObjectHeader header, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ObjectUpload>(new DirectoryUpload(_tree, key, length, _maxObjectBytes, header));

    /// <inheritdoc/>
    public ValueTask<ObjectDownload?> OpenReadAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        var file = _tree.Open(key);
        if (file is null)
        {
            return ValueTask.FromResult<ObjectDownload?>(null);
        }
        try
        {
            var (facts, content) = ObjectFile.Read(file, key);
            return ValueTask.FromResult<ObjectDownload?>(new DirectoryDownload(file, facts, content + offset, ObjectDownload.LengthOf(facts.Size, offset, length)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ObjectFacts?> StatAsync(string key, CancellationToken cancellationToken)
    {
        using var file = _tree.Open(key);
        return ValueTask.FromResult(file is null ? null : ObjectFile.Read(file, key).Facts);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ObjectFacts>> ListAsync(string prefix, string delimiter, string after, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ObjectList(_tree, prefix, delimiter, after, limit, cancellationToken).Walk());

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        _tree.Remove(key);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        if (_tree.Duplicate(from) is not { } copy)
        {
            return ValueTask.FromResult(false);
        }
        try
        {
            _tree.Commit(copy, to);
            return ValueTask.FromResult(true);
        }
        finally
        {
            File.Delete(copy); // still there when it did not become an object
        }
    }

    /// <inheritdoc/>
    public ValueTask<string> PresignAsync(AbiPresign method, string key, TimeSpan life, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Presigned.Make(method, key, _time.GetUtcNow() + life));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
