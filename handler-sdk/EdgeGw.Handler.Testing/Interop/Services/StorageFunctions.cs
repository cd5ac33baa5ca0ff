using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The functions of <c>edgegw.storage.v1</c>.</summary>
internal static unsafe class StorageFunctions
{
    private const int MostMetadata = 64;
    private const int MostRows = 1000;
    private const int MostSeconds = 604_800;

    public static AbiStorageV1 Table() => new()
    {
        Size = (uint)sizeof(AbiStorageV1),
        Put = &Put,
        OpenWrite = &OpenWrite,
        Write = &Write,
        Finish = &Finish,
        Get = &Get,
        OpenRead = &OpenRead,
        Read = &Read,
        Close = &Close,
        Stat = &Stat,
        List = &List,
        Remove = &Remove,
        Copy = &Copy,
        Presign = &Presign,
    };

    /// <summary>An object that is being written.</summary>
    private sealed record Upload(string Key, long Length, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Metadata, MemoryStream Content);

    private static AbiResult Start(string function, ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state,
        Func<FakeExchange, FakeStorage, string, FakeReply> work)
    {
        var name = ServiceDoor.Text(key);
        return FakeStorage.IsKey(name)
            ? ServiceDoor.Start<FakeStorage>(function, exchange, service, replied, state, (x, s) => Task.FromResult(work(x, s, name)))
            : AbiResult.InvalidArgument;
    }

    private static List<KeyValuePair<string, string>>? Read(AbiMetadata* metadata, nuint count)
    {
        if (count > MostMetadata)
            return null;
        var read = new List<KeyValuePair<string, string>>();
        for (nuint i = 0; i < count; i++)
            read.Add(new(ServiceDoor.Text(metadata[i].Name), ServiceDoor.Text(metadata[i].Value)));
        return read.All(m => m.Key.Length > 0 && m.Key.All(c => c == '-' || char.IsAsciiLetterOrDigit(c))) ? read : null;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Put(ulong exchange, ulong service, AbiText key, AbiText body, AbiText contentType, AbiMetadata* metadata, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (Read(metadata, count) is not { } extra)
            return AbiResult.InvalidArgument;
        var (content, type) = (body.AsSpan().ToArray(), ServiceDoor.Text(contentType));
        return Start("put", exchange, service, key, replied, state, (_, s, k) => s.Put(k, content, type, extra));
    }

    [UnmanagedCallersOnly]
    private static AbiResult OpenWrite(ulong exchange, ulong service, AbiText key, long length, AbiText contentType, AbiMetadata* metadata, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (Read(metadata, count) is not { } extra || length < -1)
            return AbiResult.InvalidArgument;
        var type = ServiceDoor.Text(contentType);
        return Start("open_write", exchange, service, key, replied, state,
            (x, s, k) => FakeReply.Done with { Open = x.Opens.Add(s, new Upload(k, length, type, extra, new MemoryStream()), null) });
    }

    [UnmanagedCallersOnly]
    private static AbiResult Write(ulong exchange, ulong upload, AbiText bytes, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var piece = bytes.AsSpan().ToArray();
        return ServiceDoor.Start<FakeStorage, Upload>("write", exchange, upload, replied, state, (_, _, u) =>
        {
            u.Content.Write(piece);
            return Task.FromResult(FakeReply.Done);
        });
    }

    [UnmanagedCallersOnly]
    private static AbiResult Finish(ulong exchange, ulong upload, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeStorage, Upload>("finish", exchange, upload, replied, state, (x, s, u) =>
        {
            x.Opens.Remove(upload);
            return Task.FromResult(u.Length >= 0 && u.Length != u.Content.Length
                ? FakeReply.Of(AbiResult.Refused, $"{u.Length} bytes were announced for '{u.Key}' and {u.Content.Length} came.")
                : s.Put(u.Key, u.Content.ToArray(), u.ContentType, u.Metadata));
        });

    [UnmanagedCallersOnly]
    private static AbiResult Get(ulong exchange, ulong service, AbiText key, ulong offset, ulong length, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Start("get", exchange, service, key, replied, state, (_, s, k) => s.Get(k, offset, length));

    [UnmanagedCallersOnly]
    private static AbiResult OpenRead(ulong exchange, ulong service, AbiText key, ulong offset, ulong length, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Start("open_read", exchange, service, key, replied, state, (x, s, k) => s.OpenRead(x, k, offset, length));

    [UnmanagedCallersOnly]
    private static AbiResult Read(ulong exchange, ulong download, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeStorage, MemoryStream>("read", exchange, download, replied, state, (x, s, d) => Task.FromResult(s.Read(x, download, d)));

    [UnmanagedCallersOnly]
    private static AbiResult Close(ulong exchange, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => ServiceDoor.Start<FakeStorage, object>("close", exchange, open, replied, state, (x, _, _) =>
        {
            x.Opens.Close(open);
            return Task.FromResult(FakeReply.Done);
        });

    [UnmanagedCallersOnly]
    private static AbiResult Stat(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Start("stat", exchange, service, key, replied, state, (_, s, k) => s.Stat(k));

    [UnmanagedCallersOnly]
    private static AbiResult List(ulong exchange, ulong service, AbiText prefix, AbiText delimiter, AbiText after, uint limit, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (limit is 0 or > MostRows)
            return AbiResult.InvalidArgument;
        var (begins, rolls, from) = (ServiceDoor.Text(prefix), ServiceDoor.Text(delimiter), ServiceDoor.Text(after));
        return ServiceDoor.Start<FakeStorage>("list", exchange, service, replied, state, (_, s) => Task.FromResult(s.List(begins, rolls, from, (int)limit)));
    }

    [UnmanagedCallersOnly]
    private static AbiResult Remove(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Start("remove", exchange, service, key, replied, state, (_, s, k) => s.Remove(k));

    [UnmanagedCallersOnly]
    private static AbiResult Copy(ulong exchange, ulong service, AbiText from, AbiText to, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var target = ServiceDoor.Text(to);
        return FakeStorage.IsKey(target) ? Start("copy", exchange, service, from, replied, state, (_, s, k) => s.Copy(k, target)) : AbiResult.InvalidArgument;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Presign(ulong exchange, ulong service, AbiPresign method, AbiText key, uint seconds, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => seconds is 0 or > MostSeconds || method is not (AbiPresign.Get or AbiPresign.Put)
            ? AbiResult.InvalidArgument
            : Start("presign", exchange, service, key, replied, state, (_, s, k) => s.Presign(method, k, seconds));
}
