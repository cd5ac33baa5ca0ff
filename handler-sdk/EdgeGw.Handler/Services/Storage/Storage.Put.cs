using EdgeGw.Interop;

namespace EdgeGw;

/// <content>Writing. An object of the same key is replaced at once: a reader sees the old one or the new one.</content>
public sealed partial class Storage
{
    /// <summary>Writes an object that is in memory. At most 64 metadata.</summary>
    /// <param name="key">The key.</param>
    /// <param name="body">The object.</param>
    /// <param name="contentType">Its media type; application/octet-stream when not given.</param>
    /// <param name="metadata">Names of letters, digits and '-', and texts.</param>
    public ValueTask PutAsync(string key, ReadOnlySpan<byte> body, string? contentType = null, IReadOnlyDictionary<string, string>? metadata = null)
        => StorageCalls.Put(this, key, body, contentType, metadata);

    /// <summary>Writes an object of any size from a stream, with constant memory.</summary>
    /// <param name="key">The key.</param>
    /// <param name="source">Is read from where it stands to its end.</param>
    /// <param name="contentType">Its media type; application/octet-stream when not given.</param>
    /// <param name="metadata">Names of letters, digits and '-', and texts.</param>
    /// <param name="length">Bytes, when they are known.</param>
    public async ValueTask<ObjectInfo> PutAsync(
        string key, Stream source, string? contentType = null, IReadOnlyDictionary<string, string>? metadata = null, long? length = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var upload = await OpenWriteAsync(key, contentType, metadata, length);
        await source.CopyToAsync(upload, Exchange.CancellationToken);
        return await upload.FinishAsync();
    }

    /// <summary>Writes the request's body, of any size, straight from the gateway's memory. Its content type is the request's when not given.</summary>
    public async ValueTask<ObjectInfo> PutAsync(string key, Request request, string? contentType = null, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var upload = await OpenWriteAsync(key, contentType ?? request.Header("Content-Type"), metadata, request.ContentLength);
        await foreach (var chunk in request.ReadChunksAsync())
            await upload.WriteAsync(chunk);
        return await upload.FinishAsync();
    }

    /// <summary>Begins an object of any size; <see cref="UploadStream.FinishAsync"/> ends it.</summary>
    public ValueTask<UploadStream> OpenWriteAsync(
        string key, string? contentType = null, IReadOnlyDictionary<string, string>? metadata = null, long? length = null)
        => StorageCalls.OpenWrite(this, key, length ?? -1, contentType, metadata, ReadUpload);
}
