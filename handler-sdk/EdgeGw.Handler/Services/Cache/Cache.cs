using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// A cache: bytes by key, for a while. Keys are 1 to 1024 bytes of UTF-8. A time to live is in whole milliseconds (rounded up); zero means until evicted. Beside
/// <see cref="CacheException"/>, every method throws <see cref="HandlerError.ServiceUnavailable"/> when the cache cannot answer now,
/// <see cref="HandlerError.GatewayTimeout"/> when it takes too long, and <see cref="OperationCanceledException"/> when the request is cancelled.
/// </summary>
public sealed partial class Cache : BoundService
{
    private static readonly ReplyReader<bool> ReadDone = static (_, reply) => !reply.IsEnd;
    private static readonly ReplyReader<long> ReadAffected = static (_, reply) => reply.Affected;
    private static readonly ReplyReader<long> ReadInteger = static (_, reply) => reply.Integer(0);
    private static readonly ReplyReader<byte[]?> ReadBytes = static (_, reply) => reply.IsEnd ? null : reply.Bytes(0).ToArray();
    private static readonly ReplyReader<string?> ReadText = static (_, reply) => reply.IsEnd ? null : reply.Text(0);

    private static readonly ReplyReader<int> ReadInto = static (call, reply) =>
    {
        if (reply.IsEnd)
            return -1;
        var value = reply.Bytes(0);
        if (!value.TryCopyTo(call.Destination.Span))
            throw new InvalidOperationException($"The value has {value.Length} bytes, and there is room for {call.Destination.Length}.");
        return value.Length;
    };

    private static readonly ReplyReader<byte[]?[]> ReadMany = static (_, reply) =>
    {
        var values = new byte[]?[reply.Values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = reply.Has(i) ? reply.Bytes(i).ToArray() : null;
        return values;
    };

    internal Cache(Exchange exchange, Interop.Service service) : base(exchange, service)
    {
    }

    /// <summary>The value, copied; null when there is none.</summary>
    public ValueTask<byte[]?> GetAsync(string key) => CacheCalls.Get(this, key, ReadBytes);

    /// <summary>Copies the value into a buffer of the caller's. Allocates nothing.</summary>
    /// <returns>How many bytes it has; -1 when there is none.</returns>
    /// <exception cref="InvalidOperationException">The buffer is too small.</exception>
    public ValueTask<int> GetAsync(string key, Memory<byte> destination) => CacheCalls.Get(this, key, ReadInto, destination: destination);

    /// <summary>The value as text in UTF-8; null when there is none.</summary>
    public ValueTask<string?> GetStringAsync(string key) => CacheCalls.Get(this, key, ReadText);

    /// <summary>The value as JSON, read straight from the gateway's memory; the default when there is none.</summary>
    /// <exception cref="JsonException">It is not of that shape.</exception>
    public ValueTask<T?> GetJsonAsync<T>(string key, JsonTypeInfo<T> typeInfo) => CacheCalls.Get(this, key, Json<T>.Read, typeInfo);

    /// <summary>The values of some keys, at most 1024, in their order; null where there is none.</summary>
    public ValueTask<byte[]?[]> GetManyAsync(params ReadOnlySpan<string> keys) => keys.IsEmpty ? new([]) : CacheCalls.GetMany(this, keys, ReadMany, null);

    /// <summary>The values of some keys, at most 1024, in their order, as JSON; the default where there is none.</summary>
    public ValueTask<T?[]> GetManyJsonAsync<T>(JsonTypeInfo<T> typeInfo, params ReadOnlySpan<string> keys)
        => keys.IsEmpty ? new([]) : CacheCalls.GetMany(this, keys, Json<T>.ReadMany, typeInfo);

    /// <summary>Writes a value.</summary>
    /// <returns>False when the condition did not hold: nothing was written.</returns>
    public ValueTask<bool> SetAsync(string key, ReadOnlySpan<byte> value, TimeSpan timeToLive = default, SetCondition condition = SetCondition.Always)
        => CacheCalls.Set(this, key, value, Milliseconds(timeToLive), (AbiCacheCondition)condition, ReadDone);

    /// <summary>Writes text in UTF-8.</summary>
    /// <returns>False when the condition did not hold: nothing was written.</returns>
    public ValueTask<bool> SetStringAsync(string key, string value, TimeSpan timeToLive = default, SetCondition condition = SetCondition.Always)
        => SetAsync(key, Encoding.UTF8.GetBytes(value), timeToLive, condition);

    /// <summary>Writes a value as JSON.</summary>
    /// <returns>False when the condition did not hold: nothing was written.</returns>
    public ValueTask<bool> SetJsonAsync<T>(
        string key, T value, JsonTypeInfo<T> typeInfo, TimeSpan timeToLive = default, SetCondition condition = SetCondition.Always)
    {
        using var json = JsonBytes.Of(value, typeInfo);
        return SetAsync(key, json.Span, timeToLive, condition);
    }

    /// <summary>Writes some values, at most 1024, with one time to live; not atomic.</summary>
    public async ValueTask SetManyAsync(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> entries, TimeSpan timeToLive = default)
    {
        KeyValuePair<string, ReadOnlyMemory<byte>>[] all = [.. entries];
        if (all.Length > 0)
            await CacheCalls.SetMany(this, all, Milliseconds(timeToLive), ReadDone);
    }

    /// <summary>Removes some keys, at most 1024.</summary>
    /// <returns>How many were there.</returns>
    public ValueTask<long> RemoveAsync(params ReadOnlySpan<string> keys) => keys.IsEmpty ? new(0) : CacheCalls.Remove(this, keys, ReadAffected);

    /// <summary>True when the key is there.</summary>
    public ValueTask<bool> ExistsAsync(string key) => CacheCalls.Exists(this, key, ReadDone);

    /// <summary>Adds to the number under a key, atomically; an absent one is 0, and then gets the time to live.</summary>
    /// <returns>The sum.</returns>
    /// <exception cref="CacheException">The value is no number, or the sum does not fit 64 bits.</exception>
    public ValueTask<long> AddAsync(string key, long delta = 1, TimeSpan timeToLive = default)
        => CacheCalls.Add(this, key, delta, Milliseconds(timeToLive), ReadInteger);

    /// <summary>Gives a key another time to live.</summary>
    /// <returns>False when it is not there.</returns>
    public ValueTask<bool> ExpireAsync(string key, TimeSpan timeToLive) => CacheCalls.Expire(this, key, Milliseconds(timeToLive), ReadDone);

    /// <summary>Publishes a message on a channel.</summary>
    /// <returns>How many received it, as far as the backend knows.</returns>
    public ValueTask<long> PublishAsync(string channel, ReadOnlySpan<byte> message) => CacheCalls.Publish(this, channel, message, ReadAffected);

    private static ulong Milliseconds(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, "timeToLive");
        return (ulong)Math.Ceiling(time.TotalMilliseconds);
    }

    private static class Json<T>
    {
        public static readonly ReplyReader<T?> Read = static (call, reply)
            => reply.IsEnd ? default : JsonSerializer.Deserialize(reply.Bytes(0), (JsonTypeInfo<T>)call.Argument!);

        public static readonly ReplyReader<T?[]> ReadMany = static (call, reply) =>
        {
            var values = new T?[reply.Values.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = reply.Has(i) ? JsonSerializer.Deserialize(reply.Bytes(i), (JsonTypeInfo<T>)call.Argument!) : default;
            return values;
        };
    }
}

/// <summary>When <see cref="Cache.SetAsync"/> writes.</summary>
public enum SetCondition
{
    /// <summary>Whatever is there.</summary>
    Always = 0,
    /// <summary>Only a key that is not there.</summary>
    IfAbsent = 1,
    /// <summary>Only a key that is there.</summary>
    IfPresent = 2,
}
