using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw.storage.v1</c>.</summary>
internal static unsafe class StorageCalls
{
    private static readonly ReplyReader<bool> Done = static (_, reply) => !reply.IsEnd;

    public static ValueTask Put(Storage storage, string key, ReadOnlySpan<byte> body, string? contentType, IReadOnlyDictionary<string, string>? metadata)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var (name, type, extra, count) = (Key(arena, key), arena.Text(contentType), Metadata(arena, metadata), (nuint)(metadata?.Count ?? 0));
        var call = ServiceCall<bool>.Rent(storage.Exchange, storage.Service, Done);
        fixed (byte* data = body)
        {
            return call.StartedVoid(Table(storage)->Put(storage.Exchange.Id, storage.Service.Id, name, new AbiText(data, body.Length), type,
                (AbiMetadata*)extra, count, ServiceCall.Replied, call.State));
        }
    }

    public static ValueTask<T> OpenWrite<T>(
        Storage storage, string key, long length, string? contentType, IReadOnlyDictionary<string, string>? metadata, ReplyReader<T> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var (name, type, extra, count) = (Key(arena, key), arena.Text(contentType), Metadata(arena, metadata), (nuint)(metadata?.Count ?? 0));
        var call = ServiceCall<T>.Rent(storage.Exchange, storage.Service, read);
        call.Argument = key;
        return call.Started(Table(storage)->OpenWrite(storage.Exchange.Id, storage.Service.Id, name, length, type,
            (AbiMetadata*)extra, count, ServiceCall.Replied, call.State));
    }

    public static ValueTask Write(OpenHandle upload, ReadOnlyMemory<byte> bytes)
    {
        var id = upload.Id;
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var call = ServiceCall<bool>.Rent(upload.Exchange, upload.Service, Done, upload);
        return call.StartedVoid(upload.Service.Tables.Storage->Write(upload.Exchange.Id, id, arena.Bytes(bytes), ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> Finish<T>(OpenHandle upload, ReplyReader<T> read, object? argument)
    {
        var id = upload.Id;
        var call = ServiceCall<T>.Rent(upload.Exchange, upload.Service, read, upload);
        call.Argument = argument;
        upload.Close();
        return call.Started(upload.Service.Tables.Storage->Finish(upload.Exchange.Id, id, ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> Get<T>(Storage storage, string key, ulong offset, ulong length, ReplyReader<T> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<T>.Rent(storage.Exchange, storage.Service, read);
        return call.Started(Table(storage)->Get(storage.Exchange.Id, storage.Service.Id, name, offset, length, ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> OpenRead<T>(Storage storage, string key, ulong offset, ulong length, ReplyReader<T> read, object argument)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<T>.Rent(storage.Exchange, storage.Service, read);
        call.Argument = argument;
        return call.Started(Table(storage)->OpenRead(storage.Exchange.Id, storage.Service.Id, name, offset, length, ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> Stat<T>(Storage storage, string key, ReplyReader<T> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<T>.Rent(storage.Exchange, storage.Service, read);
        return call.Started(Table(storage)->Stat(storage.Exchange.Id, storage.Service.Id, name, ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> List<T>(Storage storage, string prefix, string delimiter, string after, int limit, ReplyReader<T> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var (begins, rolls, from) = (arena.Text(prefix), arena.Text(delimiter), arena.Text(after));
        var call = ServiceCall<T>.Rent(storage.Exchange, storage.Service, read);
        return call.Started(Table(storage)->List(storage.Exchange.Id, storage.Service.Id, begins, rolls, from, (uint)limit, ServiceCall.Replied, call.State));
    }

    public static ValueTask Remove(Storage storage, string key)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<bool>.Rent(storage.Exchange, storage.Service, Done);
        return call.StartedVoid(Table(storage)->Remove(storage.Exchange.Id, storage.Service.Id, name, ServiceCall.Replied, call.State));
    }

    public static ValueTask<bool> Copy(Storage storage, string from, string to)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var (source, target) = (Key(arena, from), Key(arena, to));
        var call = ServiceCall<bool>.Rent(storage.Exchange, storage.Service, Done);
        return call.Started(Table(storage)->Copy(storage.Exchange.Id, storage.Service.Id, source, target, ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> Presign<T>(Storage storage, AbiPresign method, string key, uint seconds, ReplyReader<T> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<T>.Rent(storage.Exchange, storage.Service, read);
        return call.Started(Table(storage)->Presign(storage.Exchange.Id, storage.Service.Id, method, name, seconds, ServiceCall.Replied, call.State));
    }

    private static AbiStorageV1* Table(Storage storage) => storage.Service.Tables.Storage;

    private static AbiText Key(NativeArena arena, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return arena.Text(key);
    }

    private static nint Metadata(NativeArena arena, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null)
            return 0;
        var native = arena.Allocate<AbiMetadata>(metadata.Count);
        var i = 0;
        foreach (var (name, value) in metadata)
            native[i++] = new AbiMetadata { Name = arena.Text(name), Value = arena.Text(value) };
        return (nint)native;
    }
}
