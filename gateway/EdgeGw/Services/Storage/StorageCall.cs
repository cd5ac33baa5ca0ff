using System.Runtime.CompilerServices;
using EdgeGw.Abi;

namespace EdgeGw.Services.Storage;

/// <summary>What a call of a storage asks for.</summary>
internal enum StorageOperation
{
    /// <summary><c>put</c></summary>
    Put,
    /// <summary><c>open_write</c></summary>
    OpenWrite,
    /// <summary><c>write</c></summary>
    Write,
    /// <summary><c>finish</c></summary>
    Finish,
    /// <summary><c>get</c></summary>
    Get,
    /// <summary><c>open_read</c></summary>
    OpenRead,
    /// <summary><c>read</c></summary>
    Read,
    /// <summary><c>close</c></summary>
    Close,
    /// <summary><c>stat</c></summary>
    Stat,
    /// <summary><c>list</c></summary>
    List,
    /// <summary><c>remove</c></summary>
    Remove,
    /// <summary><c>copy</c></summary>
    Copy,
    /// <summary><c>presign</c></summary>
    Presign,
}

/// <summary>One call of a storage, with its arguments copied out of the handler's memory.</summary>
internal sealed class StorageCall : ServiceCall
{
    /// <summary>Bytes of one reply to <c>read</c>, at most.</summary>
    public const int ReadBytes = 64 * 1024;

    private ServiceStream? _stream;

    /// <summary>What it asks for.</summary>
    public StorageOperation Operation { get; set; }

    /// <inheritdoc/>
    public override string OperationName => OperationNames<StorageOperation>.Of((int)Operation);

    /// <summary>Keeps <see cref="Body"/>.</summary>
    public ArgumentBuffer Arguments { get; } = new();

    /// <summary>The key; the prefix of a list; where a copy comes from.</summary>
    public string Key { get; set; } = "";

    /// <summary>Where a copy goes to; the delimiter of a list.</summary>
    public string Other { get; set; } = "";

    /// <summary>The key that a list begins after.</summary>
    public string After { get; set; } = "";

    /// <summary>The bytes of a put or a write.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>What the object carries.</summary>
    public ObjectHeader? Header { get; set; }

    /// <summary>Where a read begins.</summary>
    public long Offset { get; set; }

    /// <summary>Bytes of a read or an upload; rows of a list; seconds of a URL.</summary>
    public long Length { get; set; }

    /// <summary>What a URL allows.</summary>
    public AbiPresign Method { get; set; }

    /// <summary>The stream it works on, which it has entered.</summary>
    public ServiceStream Stream
    {
        get => _stream!;
        set => _stream = value;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<bool> RunAsync(IServiceBackend backend, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync((IStorageBackend)backend, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
        return true;
    }

    /// <inheritdoc/>
    protected override void Recycle()
    {
        Leave();
        Arguments.Clear();
        Body = default;
        Header = null;
        CallPool<StorageCall>.Return(this);
    }

    private void Leave() => Interlocked.Exchange(ref _stream, null)?.Leave();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DoAsync(IStorageBackend storage, CancellationToken cancellationToken)
    {
        switch (Operation)
        {
            case StorageOperation.Put:
                Check(storage, Body.Length);
                await storage.PutAsync(Key, Body, Header!, cancellationToken).ConfigureAwait(false);
                break;
            case StorageOperation.OpenWrite:
                var upload = await storage.OpenWriteAsync(Key, Length, Header!, cancellationToken).ConfigureAwait(false);
                await new StorageUpload(Binding, Scope, upload).OpenAsync(this).ConfigureAwait(false);
                break;
            case StorageOperation.Write:
                Check(storage, Body.Length);
                await ((StorageUpload)Stream).Upload.WriteAsync(Body, cancellationToken).ConfigureAwait(false);
                break;
            case StorageOperation.Finish:
                try
                {
                    Facts(await ((StorageUpload)Stream).Upload.FinishAsync(cancellationToken).ConfigureAwait(false));
                }
                finally
                {
                    await Stream.EndAsync().ConfigureAwait(false);
                }
                break;
            case StorageOperation.Get:
                await GetAsync(storage, cancellationToken).ConfigureAwait(false);
                break;
            case StorageOperation.OpenRead:
                if (Found(await storage.OpenReadAsync(Key, Offset, Length, cancellationToken).ConfigureAwait(false)) is { } download)
                {
                    Facts(download.Facts);
                    await new StorageDownload(Binding, Scope, download).OpenAsync(this).ConfigureAwait(false);
                }
                break;
            case StorageOperation.Read:
                await ReadAsync(((StorageDownload)Stream).Download, cancellationToken).ConfigureAwait(false);
                break;
            case StorageOperation.Close:
                await Stream.EndAsync().ConfigureAwait(false);
                break;
            case StorageOperation.Stat:
                if (Found(await storage.StatAsync(Key, cancellationToken).ConfigureAwait(false)) is { } facts)
                {
                    Facts(facts);
                }
                break;
            case StorageOperation.List:
                foreach (var row in await storage.ListAsync(Key, Other, After, (int)Length, cancellationToken).ConfigureAwait(false))
                {
                    Row(row);
                }
                break;
            case StorageOperation.Remove:
                await storage.RemoveAsync(Key, cancellationToken).ConfigureAwait(false);
                break;
            case StorageOperation.Copy:
                Reply.Result = await storage.CopyAsync(Key, Other, cancellationToken).ConfigureAwait(false) ? AbiResult.Ok : AbiResult.End;
                break;
            case StorageOperation.Presign:
                Reply.Text(AbiValueKind.Text, await storage.PresignAsync(Method, Key, TimeSpan.FromSeconds(Length), cancellationToken).ConfigureAwait(false));
                break;
            default:
                throw new InvalidOperationException($"{Operation} is not an operation of a storage.");
        }
    }

    private async ValueTask GetAsync(IStorageBackend storage, CancellationToken cancellationToken)
    {
        if (Found(await storage.OpenReadAsync(Key, Offset, Length, cancellationToken).ConfigureAwait(false)) is not { } download)
        {
            return;
        }
        await using (download.ConfigureAwait(false))
        {
            Check(storage, download.Remaining);
            FirstFacts(download.Facts);
            var room = Reply.ReadingRoom(AbiValueKind.Blob, (int)download.Remaining);
            while (!room.IsEmpty)
            {
                room = room[await download.ReadAsync(room, cancellationToken).ConfigureAwait(false)..];
            }
            Metadata(download.Facts);
        }
    }

    private async ValueTask ReadAsync(ObjectDownload download, CancellationToken cancellationToken)
    {
        if (download.Remaining == 0)
        {
            Reply.Result = AbiResult.End;
            await Stream.EndAsync().ConfigureAwait(false);
            return;
        }
        var room = Reply.ReadingRoom(AbiValueKind.Blob, (int)Math.Min(ReadBytes, download.Remaining));
        Reply.Shorten(await download.ReadAsync(room, cancellationToken).ConfigureAwait(false));
    }

    private T? Found<T>(T? found) where T : class
    {
        Reply.Result = found is null ? AbiResult.End : AbiResult.Ok;
        return found;
    }

    private void Facts(ObjectFacts facts)
    {
        FirstFacts(facts);
        Metadata(facts);
    }

    private void FirstFacts(ObjectFacts facts)
    {
        Reply.Text(AbiValueKind.Text, facts.Key);
        Reply.Int64(facts.Size);
        Reply.Whole(AbiValueKind.Timestamp, facts.Modified);
        Reply.Text(AbiValueKind.Text, facts.Etag);
        if (facts.ContentType is null)
        {
            Reply.Null();
        }
        else
        {
            Reply.Text(AbiValueKind.Text, facts.ContentType);
        }
    }

    private void Metadata(ObjectFacts facts)
    {
        foreach (var (name, value) in facts.Metadata)
        {
            Reply.Text(AbiValueKind.Text, name);
            Reply.Text(AbiValueKind.Text, value);
        }
    }

    private void Row(ObjectFacts facts)
    {
        if (facts.Size >= 0)
        {
            FirstFacts(facts);
        }
        else
        {
            Reply.Text(AbiValueKind.Text, facts.Key);
            for (var i = (int)AbiObject.Size; i < (int)AbiObject.Facts; i++)
            {
                Reply.Null();
            }
        }
        Reply.Row();
    }

    private static void Check(IStorageBackend storage, long bytes)
    {
        if (bytes > storage.MaxPieceBytes)
        {
            throw new ServiceException(AbiResult.TooLarge, $"{bytes} bytes are more than this storage moves in one piece ({storage.MaxPieceBytes} bytes, setting maxPieceBytes): use a stream.");
        }
    }
}
