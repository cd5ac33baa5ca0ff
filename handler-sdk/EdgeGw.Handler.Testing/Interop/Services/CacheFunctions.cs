using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The functions of <c>edgegw.cache.v1</c>.</summary>
internal static unsafe class CacheFunctions
{
    private const int MostKeys = 1024;
    private const int LongestKey = 1024;

    public static AbiCacheV1 Table() => new()
    {
        Size = (uint)sizeof(AbiCacheV1),
        Get = &Get,
        GetMany = &GetMany,
        Set = &Set,
        SetMany = &SetMany,
        Remove = &Remove,
        Exists = &Exists,
        Add = &Add,
        Expire = &Expire,
        Publish = &Publish,
        GetOrLead = &GetOrLead,
        Settle = &Settle,
    };

    private static bool IsKey(AbiText key) => key.Length is > 0 and <= LongestKey;

    private static AbiResult Start(
        string function, ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state, Func<FakeCache, string, FakeReply> work)
    {
        if (!IsKey(key))
            return AbiResult.InvalidArgument;
        var name = ServiceDoor.Text(key);
        return ServiceDoor.Start<FakeCache>(function, exchange, service, replied, state, (_, c) => Task.FromResult(work(c, name)));
    }

    private static string[]? Keys(AbiCacheKey* keys, nuint count)
    {
        if (keys is null || count is 0 or > MostKeys)
            return null;
        var names = new string[count];
        for (var i = 0; i < names.Length; i++)
        {
            if (!IsKey(keys[i].Key))
                return null;
            names[i] = ServiceDoor.Text(keys[i].Key);
        }
        return names;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Get(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Start("get", exchange, service, key, replied, state, (c, k) => c.Get(k));

    [UnmanagedCallersOnly]
    private static AbiResult GetMany(ulong exchange, ulong service, AbiCacheKey* keys, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Keys(keys, count) is { } names
            ? ServiceDoor.Start<FakeCache>("get_many", exchange, service, replied, state, (_, c) => Task.FromResult(c.Get(names)))
            : AbiResult.InvalidArgument;

    [UnmanagedCallersOnly]
    private static AbiResult Set(ulong exchange, ulong service, AbiText key, AbiText value, ulong ttl, AbiCacheCondition condition, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (condition > AbiCacheCondition.IfPresent)
            return AbiResult.InvalidArgument;
        var bytes = value.AsSpan().ToArray();
        return Start("set", exchange, service, key, replied, state, (c, k) => c.Set(k, bytes, ttl, condition));
    }

    [UnmanagedCallersOnly]
    private static AbiResult SetMany(ulong exchange, ulong service, AbiCacheEntry* entries, nuint count, ulong ttl, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (entries is null || count is 0 or > MostKeys)
            return AbiResult.InvalidArgument;
        var all = new List<(string Key, byte[] Value)>();
        for (nuint i = 0; i < count; i++)
        {
            if (!IsKey(entries[i].Key))
                return AbiResult.InvalidArgument;
            all.Add((ServiceDoor.Text(entries[i].Key), entries[i].Value.AsSpan().ToArray()));
        }
        return ServiceDoor.Start<FakeCache>("set_many", exchange, service, replied, state, (_, c) =>
        {
            foreach (var (key, value) in all)
                c.Set(key, value, ttl, AbiCacheCondition.Always);
            return Task.FromResult(FakeReply.Done);
        });
    }

    [UnmanagedCallersOnly]
    private static AbiResult Remove(ulong exchange, ulong service, AbiCacheKey* keys, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Keys(keys, count) is { } names
            ? ServiceDoor.Start<FakeCache>("remove", exchange, service, replied, state, (_, c) => Task.FromResult(c.Remove(names)))
            : AbiResult.InvalidArgument;

    [UnmanagedCallersOnly]
    private static AbiResult Exists(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Start("exists", exchange, service, key, replied, state, (c, k) => c[k] is null ? FakeReply.Nothing : FakeReply.Done);

    [UnmanagedCallersOnly]
    private static AbiResult Add(ulong exchange, ulong service, AbiText key, long delta, ulong ttl, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Start("add", exchange, service, key, replied, state, (c, k) => c.Add(k, delta, ttl));

    [UnmanagedCallersOnly]
    private static AbiResult Expire(ulong exchange, ulong service, AbiText key, ulong ttl, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
        => Start("expire", exchange, service, key, replied, state, (c, k) => c.Expire(k, ttl));

    [UnmanagedCallersOnly]
    private static AbiResult Publish(ulong exchange, ulong service, AbiText channel, AbiText message, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var bytes = message.AsSpan().ToArray();
        return Start("publish", exchange, service, channel, replied, state, (c, k) =>
        {
            c.Published.Enqueue((k, bytes));
            return FakeReply.Done with { Affected = 1 };
        });
    }

    [UnmanagedCallersOnly]
    private static AbiResult GetOrLead(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (!IsKey(key))
            return AbiResult.InvalidArgument;
        var name = ServiceDoor.Text(key);
        return ServiceDoor.Start<FakeCache>("get_or_lead", exchange, service, replied, state, (x, c) => c.GetOrLead(x, name));
    }

    [UnmanagedCallersOnly]
    private static AbiResult Settle(ulong exchange, ulong lead, AbiResult outcome, AbiText value, ulong ttl, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var bytes = outcome == AbiResult.Ok ? value.AsSpan().ToArray() : null;
        return ServiceDoor.Start<FakeCache, FakeLead>("settle", exchange, lead, replied, state, (x, c, l) =>
        {
            if (x.Opens.Remove(lead))
                c.Settle(l, bytes, ttl);
            return Task.FromResult(FakeReply.Done);
        });
    }
}
