using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw.cache.v1</c>.</summary>
internal static unsafe class CacheCalls
{
    public static ValueTask<T> Get<T>(Cache cache, string key, ReplyReader<T> read, object? argument = null, Memory<byte> destination = default)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<T>.Rent(cache.Exchange, cache.Service, read);
        call.Argument = argument;
        call.Destination = destination;
        return call.Started(Table(cache)->Get(cache.Exchange.Id, cache.Service.Id, name, ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> GetMany<T>(Cache cache, ReadOnlySpan<string> keys, ReplyReader<T> read, object? argument)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var names = Keys(arena, keys);
        var call = ServiceCall<T>.Rent(cache.Exchange, cache.Service, read);
        call.Argument = argument;
        return call.Started(Table(cache)->GetMany(cache.Exchange.Id, cache.Service.Id, names, (nuint)keys.Length, ServiceCall.Replied, call.State));
    }

    public static ValueTask<bool> Set(Cache cache, string key, ReadOnlySpan<byte> value, ulong ttl, AbiCacheCondition condition, ReplyReader<bool> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<bool>.Rent(cache.Exchange, cache.Service, read);
        fixed (byte* data = value)
        {
            return call.Started(Table(cache)->Set(
                cache.Exchange.Id, cache.Service.Id, name, new AbiText(data, value.Length), ttl, condition, ServiceCall.Replied, call.State));
        }
    }

    public static ValueTask<bool> SetMany(Cache cache, ReadOnlySpan<KeyValuePair<string, ReadOnlyMemory<byte>>> entries, ulong ttl, ReplyReader<bool> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var native = arena.Allocate<AbiCacheEntry>(entries.Length);
        for (var i = 0; i < entries.Length; i++)
            native[i] = new AbiCacheEntry { Key = Key(arena, entries[i].Key), Value = arena.Bytes(entries[i].Value) };
        var call = ServiceCall<bool>.Rent(cache.Exchange, cache.Service, read);
        return call.Started(Table(cache)->SetMany(cache.Exchange.Id, cache.Service.Id, native, (nuint)entries.Length, ttl, ServiceCall.Replied, call.State));
    }

    public static ValueTask<long> Remove(Cache cache, ReadOnlySpan<string> keys, ReplyReader<long> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var names = Keys(arena, keys);
        var call = ServiceCall<long>.Rent(cache.Exchange, cache.Service, read);
        return call.Started(Table(cache)->Remove(cache.Exchange.Id, cache.Service.Id, names, (nuint)keys.Length, ServiceCall.Replied, call.State));
    }

    public static ValueTask<bool> Exists(Cache cache, string key, ReplyReader<bool> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<bool>.Rent(cache.Exchange, cache.Service, read);
        return call.Started(Table(cache)->Exists(cache.Exchange.Id, cache.Service.Id, name, ServiceCall.Replied, call.State));
    }

    public static ValueTask<long> Add(Cache cache, string key, long delta, ulong ttl, ReplyReader<long> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<long>.Rent(cache.Exchange, cache.Service, read);
        return call.Started(Table(cache)->Add(cache.Exchange.Id, cache.Service.Id, name, delta, ttl, ServiceCall.Replied, call.State));
    }

    public static ValueTask<bool> Expire(Cache cache, string key, ulong ttl, ReplyReader<bool> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<bool>.Rent(cache.Exchange, cache.Service, read);
        return call.Started(Table(cache)->Expire(cache.Exchange.Id, cache.Service.Id, name, ttl, ServiceCall.Replied, call.State));
    }

    public static ValueTask<long> Publish(Cache cache, string channel, ReadOnlySpan<byte> message, ReplyReader<long> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, channel);
        var call = ServiceCall<long>.Rent(cache.Exchange, cache.Service, read);
        fixed (byte* data = message)
        {
            return call.Started(Table(cache)->Publish(
                cache.Exchange.Id, cache.Service.Id, name, new AbiText(data, message.Length), ServiceCall.Replied, call.State));
        }
    }

    public static ValueTask<T> GetOrLead<T>(Cache cache, string key, ReplyReader<T> read, object? argument)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var name = Key(arena, key);
        var call = ServiceCall<T>.Rent(cache.Exchange, cache.Service, read);
        call.Argument = argument;
        return call.Started(Table(cache)->GetOrLead(cache.Exchange.Id, cache.Service.Id, name, ServiceCall.Replied, call.State));
    }

    public static ValueTask<bool> Settle(OpenHandle lead, AbiResult outcome, ReadOnlySpan<byte> value, ulong ttl, ReplyReader<bool> read)
    {
        var id = lead.Id;
        var call = ServiceCall<bool>.Rent(lead.Exchange, lead.Service, read, lead);
        lead.Close();
        fixed (byte* data = value)
        {
            return call.Started(lead.Service.Tables.Cache->Settle(
                lead.Exchange.Id, id, outcome, new AbiText(data, value.Length), ttl, ServiceCall.Replied, call.State));
        }
    }

    private static AbiCacheV1* Table(Cache cache) => cache.Service.Tables.Cache;

    private static AbiText Key(NativeArena arena, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return arena.Text(key);
    }

    private static AbiCacheKey* Keys(NativeArena arena, ReadOnlySpan<string> keys)
    {
        var names = arena.Allocate<AbiCacheKey>(keys.Length);
        for (var i = 0; i < keys.Length; i++)
            names[i].Key = Key(arena, keys[i]);
        return names;
    }
}
