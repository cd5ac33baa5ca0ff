using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Testing.Interop;

namespace EdgeGw.Testing;

/// <summary>A cache in memory, without a bound. Times to live run by the gateway's <see cref="FakeGatewayOptions.TimeProvider"/>.</summary>
public sealed class FakeCache : FakeService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (byte[] Value, DateTimeOffset? Until)> _entries = [];
    private readonly Dictionary<string, FakeLead> _leads = [];

    internal FakeCache(FakeHost host, string name) : base(host, "cache", name)
    {
    }

    /// <summary>The largest value in bytes.</summary>
    public int MaxValueBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The messages published so far.</summary>
    public ConcurrentQueue<(string Channel, byte[] Message)> Published { get; } = new();

    /// <summary>Requests that wait for another one to make a value.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _leads.Values.Sum(l => l.Waiting.Count);
        }
    }

    /// <summary>The value under a key, or null.</summary>
    public byte[]? this[string key]
    {
        get
        {
            lock (_gate)
                return Find(key)?.Value;
        }
    }

    /// <summary>How long a key still lives; null when it is not there, or lives until evicted.</summary>
    public TimeSpan? TimeToLive(string key)
    {
        lock (_gate)
            return Find(key)?.Until - Now;
    }

    private DateTimeOffset Now => Host.Options.TimeProvider.GetUtcNow();

    internal FakeReply Get(IReadOnlyList<string> keys)
    {
        lock (_gate)
            return new FakeReply { Values = [.. keys.Select(k => FakeValue.From(Find(k)?.Value))] };
    }

    internal FakeReply Get(string key)
    {
        lock (_gate)
            return Find(key) is { } entry ? FakeReply.Of(entry.Value) : FakeReply.Nothing;
    }

    internal FakeReply Set(string key, byte[] value, ulong ttl, AbiCacheCondition condition)
    {
        if (value.Length > MaxValueBytes)
            return FakeReply.Of(AbiResult.TooLarge, $"The value of '{key}' has {value.Length} bytes; the cache takes {MaxValueBytes}.");
        lock (_gate)
        {
            if (condition != AbiCacheCondition.Always && Find(key) is null != (condition == AbiCacheCondition.IfAbsent))
                return FakeReply.Nothing;
            _entries[key] = (value, Until(ttl));
            return FakeReply.Done;
        }
    }

    internal FakeReply Remove(IReadOnlyList<string> keys)
    {
        lock (_gate)
            return new FakeReply { Affected = keys.Count(k => Find(k) is not null && _entries.Remove(k)) };
    }

    internal FakeReply Add(string key, long delta, ulong ttl)
    {
        lock (_gate)
        {
            var entry = Find(key);
            if (!long.TryParse(entry is { } e ? Encoding.UTF8.GetString(e.Value) : "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return FakeReply.Of(AbiResult.Refused, $"The value of '{key}' is no number.");
            if ((Int128)number + delta is var sum && sum != (long)sum)
                return FakeReply.Of(AbiResult.Refused, $"The sum of '{key}' does not fit 64 bits.");
            _entries[key] = (Encoding.UTF8.GetBytes(sum.ToString(CultureInfo.InvariantCulture)), entry is null ? Until(ttl) : entry.Value.Until);
            return FakeReply.Of((long)sum);
        }
    }

    internal FakeReply Expire(string key, ulong ttl)
    {
        lock (_gate)
        {
            if (Find(key) is not { } entry)
                return FakeReply.Nothing;
            _entries[key] = (entry.Value, Until(ttl));
            return FakeReply.Done;
        }
    }

    internal Task<FakeReply> GetOrLead(FakeExchange exchange, string key)
    {
        lock (_gate)
        {
            if (Find(key) is { } entry)
                return Task.FromResult(FakeReply.Of(entry.Value));
            if (!_leads.TryGetValue(key, out var lead))
                return Task.FromResult(Lead(exchange, _leads[key] = new FakeLead(key)));
            var waiter = new TaskCompletionSource<FakeReply>(TaskCreationOptions.RunContinuationsAsynchronously);
            lead.Waiting.Enqueue((exchange, waiter));
            return waiter.Task;
        }
    }

    internal void Settle(FakeLead lead, byte[]? value, ulong ttl)
    {
        lock (_gate)
        {
            if (value is null)
            {
                if (lead.Waiting.TryDequeue(out var next))
                    next.Waiter.SetResult(Lead(next.Exchange, lead));
                else
                    _leads.Remove(lead.Key);
                return;
            }
            _entries[lead.Key] = (value, Until(ttl));
            _leads.Remove(lead.Key);
            foreach (var (_, waiter) in lead.Waiting)
                waiter.SetResult(FakeReply.Of(value));
        }
    }

    private FakeReply Lead(FakeExchange exchange, FakeLead lead)
        => FakeReply.Nothing with { Open = exchange.Opens.Add(this, lead, () => Settle(lead, null, 0)) };

    private (byte[] Value, DateTimeOffset? Until)? Find(string key)
        => _entries.TryGetValue(key, out var entry) && !(entry.Until <= Now) ? entry : null;

    private DateTimeOffset? Until(ulong ttl) => ttl == 0 ? null : Now.AddMilliseconds(ttl);
}

/// <summary>A value that one exchange makes and others wait for.</summary>
internal sealed class FakeLead(string key)
{
    public string Key { get; } = key;

    public Queue<(FakeExchange Exchange, TaskCompletionSource<FakeReply> Waiter)> Waiting { get; } = [];
}
