using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <content>Making a value once for all who ask for it at the same time, within this gateway's process.</content>
public sealed partial class Cache
{
    /// <summary>
    /// The value as JSON; when there is none, what <paramref name="factory"/> makes, which is then written. Of several requests that ask at once, one runs
    /// its factory and the others wait for its value; when it throws, that request fails with it, and one of the others runs its own.
    /// </summary>
    /// <exception cref="JsonException">The value that is there is not of that shape.</exception>
    public async ValueTask<T?> GetOrSetAsync<T>(string key, TimeSpan timeToLive, Func<ValueTask<T>> factory, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(typeInfo);
        var ttl = Milliseconds(timeToLive);
        var found = await CacheCalls.GetOrLead(this, key, Found<T?>.ReadJson, typeInfo);
        if (found.Lead is not { } lead)
            return found.Value;
        T value;
        try
        {
            value = await factory();
        }
        catch
        {
            await GiveUpAsync(lead);
            throw;
        }
        using var json = JsonBytes.Of(value, typeInfo);
        var settled = CacheCalls.Settle(lead, AbiResult.Ok, json.Span, ttl, ReadDone);
        await SettledAsync(settled);
        return value;
    }

    /// <summary>The same for bytes.</summary>
    public async ValueTask<byte[]> GetOrSetAsync(string key, TimeSpan timeToLive, Func<ValueTask<byte[]>> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var ttl = Milliseconds(timeToLive);
        var found = await CacheCalls.GetOrLead(this, key, Found<byte[]>.ReadBytes, null);
        if (found.Lead is not { } lead)
            return found.Value!;
        byte[] value;
        try
        {
            value = await factory();
        }
        catch
        {
            await GiveUpAsync(lead);
            throw;
        }
        await SettledAsync(CacheCalls.Settle(lead, AbiResult.Ok, value, ttl, ReadDone));
        return value;
    }

    private async ValueTask GiveUpAsync(OpenHandle lead)
    {
        if (lead.IsOpen)
            await SettledAsync(CacheCalls.Settle(lead, AbiResult.Internal, default, 0, ReadDone));
    }

    /// <summary>A value that was made is the answer, even if it could not be written.</summary>
    private async ValueTask SettledAsync(ValueTask<bool> settled)
    {
        try
        {
            await settled;
        }
        catch (Exception e) when (e is HandlerError or InvalidOperationException)
        {
            Exchange.Library.WriteLog(LogLevel.Warning, Exchange, $"The {Service} did not take a value that was made for it: {e.InnerException?.Message ?? e.Message}");
        }
    }

    /// <summary>A value, or the lead.</summary>
    private readonly record struct Found<T>(T? Value, OpenHandle? Lead)
    {
        public static readonly ReplyReader<Found<T>> ReadJson = static (call, reply)
            => Leads(call, reply) ?? new(JsonSerializer.Deserialize(reply.Bytes(0), (JsonTypeInfo<T>)call.Argument!), null);

        public static readonly ReplyReader<Found<byte[]>> ReadBytes = static (call, reply)
            => Found<byte[]>.Leads(call, reply) ?? new(reply.Bytes(0).ToArray(), null);

        private static Found<T>? Leads(ServiceCall call, scoped Reply reply)
            => reply.IsEnd ? new(default, new OpenHandle(call.Exchange, call.Service, reply.Open, "lead")) : null;
    }
}
