using System.Text;
using EdgeGw.Epochs;
using EdgeGw.Interop;

namespace EdgeGw.Cache.Tests.Interop;

/// <summary>A cache, for a request of the lab.</summary>
internal static class CacheOfExchange
{
    public static CacheClient Cache(this LabExchange exchange, string name = "default") => new(exchange.Id, exchange.Find(ServiceKinds.Cache, name));
}

/// <summary>The functions of <c>edgegw_cache_v1</c> for one request.</summary>
internal sealed unsafe class CacheClient(ulong exchange, ulong service)
{
    private static AbiCacheV1* Table => (AbiCacheV1*)CacheTable.Pointer;

    public Task<Reply> Get(string key) => Get(Encoding.UTF8.GetBytes(key));

    public Task<Reply> Get(byte[] key)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->Get(exchange, service, k, replied, state));
    }

    public Task<Reply> GetMany(params string[] keys)
    {
        using var texts = new Texts();
        var k = texts.AddKeys([.. keys.Select(Encoding.UTF8.GetBytes)]);
        return Reply.Of((replied, state) => Table->GetMany(exchange, service, k, (nuint)keys.Length, replied, state));
    }

    public Task<Reply> Set(string key, string value, ulong ttl = 0, AbiCacheCondition condition = AbiCacheCondition.Always) =>
        Set(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), ttl, condition);

    public Task<Reply> Set(byte[] key, byte[] value, ulong ttl = 0, AbiCacheCondition condition = AbiCacheCondition.Always)
    {
        using var texts = new Texts();
        var (k, v) = (texts.Add(key), texts.Add(value));
        return Reply.Of((replied, state) => Table->Set(exchange, service, k, v, ttl, condition, replied, state));
    }

    public Task<Reply> SetMany(ulong ttl, params (string Key, string Value)[] entries)
    {
        using var texts = new Texts();
        var e = texts.AddEntries([.. entries.Select(entry => (Encoding.UTF8.GetBytes(entry.Key), Encoding.UTF8.GetBytes(entry.Value)))]);
        return Reply.Of((replied, state) => Table->SetMany(exchange, service, e, (nuint)entries.Length, ttl, replied, state));
    }

    public Task<Reply> Remove(params string[] keys)
    {
        using var texts = new Texts();
        var k = texts.AddKeys([.. keys.Select(Encoding.UTF8.GetBytes)]);
        return Reply.Of((replied, state) => Table->Remove(exchange, service, k, (nuint)keys.Length, replied, state));
    }

    public Task<Reply> Exists(string key)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->Exists(exchange, service, k, replied, state));
    }

    public Task<Reply> Add(string key, long delta, ulong ttl = 0)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->Add(exchange, service, k, delta, ttl, replied, state));
    }

    public Task<Reply> Expire(string key, ulong ttl)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->Expire(exchange, service, k, ttl, replied, state));
    }

    public Task<Reply> Publish(string channel, string message)
    {
        using var texts = new Texts();
        var (c, m) = (texts.Add(channel), texts.Add(message));
        return Reply.Of((replied, state) => Table->Publish(exchange, service, c, m, replied, state));
    }

    public Task<Reply> GetOrLead(string key)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->GetOrLead(exchange, service, k, replied, state));
    }

    public Task<Reply> Settle(ulong lead, string value, ulong ttl = 0, AbiResult outcome = AbiResult.Ok)
    {
        using var texts = new Texts();
        var v = texts.Add(value);
        return Reply.Of((replied, state) => Table->Settle(exchange, lead, outcome, v, ttl, replied, state));
    }
}
