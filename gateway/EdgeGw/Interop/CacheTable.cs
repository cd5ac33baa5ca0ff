using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Services;
using EdgeGw.Services.Cache;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw_cache_v1</c>: each copies its arguments into a pooled call and gives it to the service's actor.</summary>
internal static unsafe class CacheTable
{
    private const int MaxKeyBytes = 1024;
    private const int MaxKeys = 1024;

    private static readonly AbiCacheV1* s_table = Create();

    /// <summary>The table; lives as long as the process.</summary>
    public static void* Pointer => s_table;

    private static AbiCacheV1* Create()
    {
        var table = (AbiCacheV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiCacheV1));
        table->Size = (uint)sizeof(AbiCacheV1);
        table->Get = &Get;
        table->GetMany = &GetMany;
        table->Set = &Set;
        table->SetMany = &SetMany;
        table->Remove = &Remove;
        table->Exists = &Exists;
        table->Add = &Add;
        table->Expire = &Expire;
        table->Publish = &Publish;
        table->GetOrLead = &GetOrLead;
        table->Settle = &Settle;
        return table;
    }

    private static bool IsKey(AbiText key) => key.Data is not null && key.Length is > 0 and <= MaxKeyBytes;

    private static CacheCall Rent(CacheOperation operation, AbiText key)
    {
        var call = CallPool<CacheCall>.Rent();
        call.Operation = operation;
        call.Keys.Add(call.Arguments.Copy(key.AsSpan()));
        return call;
    }

    private static AbiResult One(ulong exchangeId, ulong service, CacheOperation operation, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state, long ttl = 0, long delta = 0)
    {
        if (replied is null || !IsKey(key) || ttl < 0)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = ServiceTable.Enter(exchangeId, service, ServiceKinds.Cache, out var exchange, out var binding);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var call = Rent(operation, key);
        call.Ttl = ttl;
        call.Delta = delta;
        return ServiceTable.Start(exchange, exchangeId, binding, call, new RepliedCallback(replied, state));
    }

    private static AbiResult Pair(ulong exchangeId, ulong service, CacheOperation operation, AbiText key, AbiText value, delegate* unmanaged<void*, AbiReply*, void> replied, void* state,
        long ttl = 0, AbiCacheCondition condition = AbiCacheCondition.Always)
    {
        if (replied is null || !IsKey(key) || ServiceTable.IsInvalid(value) || ttl < 0 || condition > AbiCacheCondition.IfPresent)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = ServiceTable.Enter(exchangeId, service, ServiceKinds.Cache, out var exchange, out var binding);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var call = Rent(operation, key);
        call.Values.Add(call.Arguments.Copy(value.AsSpan()));
        call.Ttl = ttl;
        call.Condition = condition;
        return ServiceTable.Start(exchange, exchangeId, binding, call, new RepliedCallback(replied, state));
    }

    private static AbiResult Many(ulong exchangeId, ulong service, CacheOperation operation, AbiCacheKey* keys, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (replied is null || keys is null || count is 0 or > MaxKeys)
        {
            return AbiResult.InvalidArgument;
        }
        var list = new ReadOnlySpan<AbiCacheKey>(keys, (int)count);
        foreach (var key in list)
        {
            if (!IsKey(key.Key))
            {
                return AbiResult.InvalidArgument;
            }
        }
        var entered = ServiceTable.Enter(exchangeId, service, ServiceKinds.Cache, out var exchange, out var binding);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var call = CallPool<CacheCall>.Rent();
        call.Operation = operation;
        foreach (var key in list)
        {
            call.Keys.Add(call.Arguments.Copy(key.Key.AsSpan()));
        }
        return ServiceTable.Start(exchange, exchangeId, binding, call, new RepliedCallback(replied, state));
    }

    // Larger than any clock: the same as no end.
    private static long Ttl(ulong milliseconds) => milliseconds > (ulong)TimeSpan.FromDays(36_500).TotalMilliseconds ? 0 : (long)milliseconds;

    [UnmanagedCallersOnly]
    private static AbiResult Get(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        One(exchange, service, CacheOperation.Get, key, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult GetMany(ulong exchange, ulong service, AbiCacheKey* keys, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Many(exchange, service, CacheOperation.GetMany, keys, count, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Set(ulong exchange, ulong service, AbiText key, AbiText value, ulong ttl, AbiCacheCondition condition, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Pair(exchange, service, CacheOperation.Set, key, value, replied, state, Ttl(ttl), condition);

    [UnmanagedCallersOnly]
    private static AbiResult SetMany(ulong exchangeId, ulong service, AbiCacheEntry* entries, nuint count, ulong ttl, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (replied is null || entries is null || count is 0 or > MaxKeys)
        {
            return AbiResult.InvalidArgument;
        }
        var list = new ReadOnlySpan<AbiCacheEntry>(entries, (int)count);
        foreach (var entry in list)
        {
            if (!IsKey(entry.Key) || ServiceTable.IsInvalid(entry.Value))
            {
                return AbiResult.InvalidArgument;
            }
        }
        var entered = ServiceTable.Enter(exchangeId, service, ServiceKinds.Cache, out var exchange, out var binding);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var call = CallPool<CacheCall>.Rent();
        call.Operation = CacheOperation.SetMany;
        call.Ttl = Ttl(ttl);
        foreach (var entry in list)
        {
            call.Keys.Add(call.Arguments.Copy(entry.Key.AsSpan()));
            call.Values.Add(call.Arguments.Copy(entry.Value.AsSpan()));
        }
        return ServiceTable.Start(exchange, exchangeId, binding, call, new RepliedCallback(replied, state));
    }

    [UnmanagedCallersOnly]
    private static AbiResult Remove(ulong exchange, ulong service, AbiCacheKey* keys, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Many(exchange, service, CacheOperation.Remove, keys, count, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Exists(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        One(exchange, service, CacheOperation.Exists, key, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Add(ulong exchange, ulong service, AbiText key, long delta, ulong ttl, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        One(exchange, service, CacheOperation.Add, key, replied, state, Ttl(ttl), delta);

    [UnmanagedCallersOnly]
    private static AbiResult Expire(ulong exchange, ulong service, AbiText key, ulong ttl, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        One(exchange, service, CacheOperation.Expire, key, replied, state, Ttl(ttl));

    [UnmanagedCallersOnly]
    private static AbiResult Publish(ulong exchange, ulong service, AbiText channel, AbiText message, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Pair(exchange, service, CacheOperation.Publish, channel, message, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult GetOrLead(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        One(exchange, service, CacheOperation.GetOrLead, key, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Settle(ulong exchangeId, ulong open, AbiResult outcome, AbiText value, ulong ttl, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (replied is null || ServiceTable.IsInvalid(value))
        {
            return AbiResult.InvalidArgument;
        }
        var entered = ServiceTable.Enter<CacheLead>(exchangeId, open, out var exchange, out var lead);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var call = CallPool<CacheCall>.Rent();
        call.Operation = CacheOperation.Settle;
        call.Settles = (lead, outcome);
        call.Values.Add(call.Arguments.Copy(outcome == AbiResult.Ok ? value.AsSpan() : default));
        call.Ttl = Ttl(ttl);
        return ServiceTable.Start(exchange, exchangeId, lead.Binding, call, new RepliedCallback(replied, state));
    }
}
