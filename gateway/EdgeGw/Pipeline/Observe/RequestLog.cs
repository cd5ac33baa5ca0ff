using System.Threading.Channels;
using EdgeGw.Configuration;

namespace EdgeGw.Pipeline.Observe;

/// <summary>The last requests of each handler. Deciding about a request that is not recorded reads some fields and writes nothing that another processor reads; only one that is recorded (a bounded
/// number a second) allocates its record and takes a lock.</summary>
internal sealed class RequestLog
{
    /// <summary>Records that may wait for one who follows; one that is slower loses the oldest.</summary>
    public const int Waiting = 1_024;

    private readonly RequestLogSettings _settings;
    private readonly SecondBudget _always;
    private readonly SecondBudget _most;
    private readonly Share _share;
    private readonly long _slow;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RequestRing> _rings = [];
    private readonly List<Channel<RequestRecord>> _followers = [];
    private long _last;
    private long _skipped;
    private long _dropped;

    /// <summary>As the settings say.</summary>
    public RequestLog(RequestLogSettings settings)
    {
        _settings = settings;
        _always = new SecondBudget(settings.Always);
        _most = new SecondBudget(settings.PerSecond);
        _share = new Share(settings.Sample);
        _slow = settings.SlowMs * 1_000L;
    }

    /// <summary>Requests recorded.</summary>
    public long Recorded => Volatile.Read(ref _last);

    /// <summary>Requests that were to be recorded beyond <c>RequestLog:PerSecond</c>.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <summary>Records that somebody who follows was too slow for.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Why a request is to be recorded, asked before anything is gathered for it; null: it is not.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="microseconds">How long it took.</param>
    /// <param name="now">In timestamp ticks.</param>
    public string? Wants(int status, long microseconds, long now)
    {
        if (!_settings.Enabled)
        {
            return null;
        }
        var why = status >= 500 ? "error" : microseconds >= _slow ? "slow" : _always.TryTake(now) ? "always" : _share.Takes(now) ? "sample" : null;
        if (why is null || _most.TryTake(now))
        {
            return why;
        }
        Interlocked.Increment(ref _skipped);
        return null;
    }

    /// <summary>Keeps a record and tells those who follow.</summary>
    public void Add(RequestRecord record)
    {
        lock (_lock)
        {
            record.Number = ++_last;
            // What is there for its trace alone is not kept.
            if (_settings.Enabled && record.Why != "trace")
            {
                var handler = record.Handler ?? "";
                if (!_rings.TryGetValue(handler, out var ring))
                {
                    _rings.Add(handler, ring = new RequestRing(_settings.Keep));
                }
                ring.Add(record);
            }
            foreach (var follower in _followers)
            {
                follower.Writer.TryWrite(record);
            }
        }
    }

    /// <summary>The newest records that a filter takes, newest first.</summary>
    /// <param name="handler">Of this handler alone; empty: of what no route matched; null: of all.</param>
    /// <param name="limit">How many.</param>
    /// <param name="takes">The filter.</param>
    public IReadOnlyList<RequestRecord> Newest(string? handler, int limit, Func<RequestRecord, bool> takes)
    {
        List<RequestRecord> found = [];
        lock (_lock)
        {
            foreach (var (name, ring) in _rings)
            {
                if (handler is null || name == handler)
                {
                    found.AddRange(ring.All.Where(takes));
                }
            }
        }
        return [.. found.OrderByDescending(record => record.Number).Take(limit)];
    }

    /// <summary>Each record from now on, as it comes. End it with <see cref="Unfollow"/>.</summary>
    public Channel<RequestRecord> Follow()
    {
        var channel = Channel.CreateBounded<RequestRecord>(
            new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Increment(ref _dropped));
        lock (_lock)
        {
            _followers.Add(channel);
        }
        return channel;
    }

    /// <summary>Follows no more.</summary>
    public void Unfollow(Channel<RequestRecord> channel)
    {
        lock (_lock)
        {
            _followers.Remove(channel);
        }
    }
}

/// <summary>The records of one handler: the ordinary ones, and apart from them those that failed or were slow, so that no amount of good ones pushes them out.</summary>
/// <param name="keep">How many of each.</param>
internal sealed class RequestRing(int keep)
{
    private readonly Queue<RequestRecord> _ordinary = new();
    private readonly Queue<RequestRecord> _notable = new();

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<RequestRecord> All => _ordinary.Concat(_notable);

    /// <summary>Adds one; the oldest makes room.</summary>
    public void Add(RequestRecord record)
    {
        var queue = record.Why is "error" or "slow" ? _notable : _ordinary;
        if (queue.Count == keep)
        {
            queue.Dequeue();
        }
        queue.Enqueue(record);
    }
}
