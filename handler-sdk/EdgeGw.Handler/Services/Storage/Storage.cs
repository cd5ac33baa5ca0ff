using System.Runtime.CompilerServices;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// A store of objects. Keys are 1 to 1024 bytes of UTF-8, "/" separating their parts, none of which is empty, "." or "..". Beside
/// <see cref="StorageException"/>, every method throws <see cref="HandlerError.ServiceUnavailable"/> when the store cannot answer now,
/// <see cref="HandlerError.GatewayTimeout"/> when it takes too long, and <see cref="OperationCanceledException"/> when the request is cancelled.
/// </summary>
public sealed partial class Storage : BoundService
{
    private const int ListPage = 1000;

    private static readonly TimeSpan LongestPresign = TimeSpan.FromDays(7);

    private static readonly ReplyReader<ObjectInfo?> ReadInfo = static (_, reply)
        => reply.IsEnd ? null : ObjectInfo.Read(reply, 0, (int)AbiObject.Facts);

    private static readonly ReplyReader<StoredObject?> ReadObject = static (_, reply) => reply.IsEnd
        ? null
        : new StoredObject(ObjectInfo.Read(reply, 0, (int)AbiObject.Facts + 1), reply.Bytes((int)AbiObject.Facts).ToArray());

    private static readonly ReplyReader<DownloadStream?> ReadDownload = static (call, reply) =>
    {
        if (reply.IsEnd)
            return null;
        var (offset, length) = (Tuple<long, long>)call.Argument!;
        return new DownloadStream(new OpenHandle(call.Exchange, call.Service, reply.Open, "download"),
            ObjectInfo.Read(reply, 0, (int)AbiObject.Facts), offset, length);
    };

    private static readonly ReplyReader<UploadStream> ReadUpload = static (call, reply)
        => new(new OpenHandle(call.Exchange, call.Service, reply.Open, "upload"), (string)call.Argument!);

    private static readonly ReplyReader<ObjectInfo[]> ReadList = static (_, reply) =>
    {
        var objects = new ObjectInfo[reply.RowCount];
        for (var i = 0; i < objects.Length; i++)
            objects[i] = ObjectInfo.Read(reply, i * (int)AbiObject.Facts, -1);
        return objects;
    };

    private static readonly ReplyReader<Uri> ReadUri = static (_, reply) => new Uri(reply.Text(0));

    internal Storage(Exchange exchange, Interop.Service service) : base(exchange, service)
    {
    }

    /// <summary>An object, or <paramref name="length"/> bytes of it from <paramref name="offset"/> (0: to its end), in memory; null when there is none.</summary>
    /// <exception cref="StorageException">It is larger than the service gives in one piece: <see cref="OpenReadAsync"/> has no limit.</exception>
    public ValueTask<StoredObject?> GetAsync(string key, long offset = 0, long length = 0)
    {
        CheckRange(offset, length);
        return StorageCalls.Get(this, key, (ulong)offset, (ulong)length, ReadObject);
    }

    /// <summary>An object of any size, or a range of it, as a stream; null when there is none.</summary>
    public ValueTask<DownloadStream?> OpenReadAsync(string key, long offset = 0, long length = 0)
    {
        CheckRange(offset, length);
        return StorageCalls.OpenRead(this, key, (ulong)offset, (ulong)length, ReadDownload, Tuple.Create(offset, length));
    }

    /// <summary>The facts about an object; null when there is none.</summary>
    public ValueTask<ObjectInfo?> StatAsync(string key) => StorageCalls.Stat(this, key, ReadInfo);

    /// <summary>Objects whose keys begin with <paramref name="prefix"/>, in the order of their keys' bytes, fetched page by page.</summary>
    /// <param name="prefix">Empty for all.</param>
    /// <param name="delimiter">When given, keys that go on after it are rolled up into one that <see cref="ObjectInfo.IsPrefix"/>: "/" lists like a folder.</param>
    /// <param name="after">The key to begin after.</param>
    /// <param name="cancellationToken">Ends the list.</param>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix = "", string delimiter = "", string after = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await StorageCalls.List(this, prefix, delimiter, after, ListPage, ReadList);
            foreach (var item in page)
                yield return item;
            if (page.Length < ListPage)
                yield break;
            after = page[^1].Key;
        }
    }

    /// <summary>Removes an object; one that is not there is fine.</summary>
    public ValueTask RemoveAsync(string key) => StorageCalls.Remove(this, key);

    /// <summary>Copies an object within the service, with its metadata and content type.</summary>
    /// <returns>False when there is none.</returns>
    public ValueTask<bool> CopyAsync(string from, string to) => StorageCalls.Copy(this, from, to);

    /// <summary>A URL by which whoever has it can do one thing with one object, for 1 second to 7 days.</summary>
    public ValueTask<Uri> PresignAsync(string key, TimeSpan lifetime, PresignFor what = PresignFor.Get)
    {
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > LongestPresign)
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A presigned URL lives for 1 second to 7 days.");
        return StorageCalls.Presign(this, (AbiPresign)what, key, (uint)lifetime.TotalSeconds, ReadUri);
    }

    private static void CheckRange(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
    }
}

/// <summary>What a presigned URL allows.</summary>
public enum PresignFor
{
    /// <summary>Reading the object.</summary>
    Get = 1,
    /// <summary>Writing it.</summary>
    Put = 2,
}
