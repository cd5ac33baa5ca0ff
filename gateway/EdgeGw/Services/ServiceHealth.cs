namespace EdgeGw.Services;

/// <summary>Whether a backend is believed to answer. While it is not, calls fail at once and probes go out at growing intervals.</summary>
internal sealed class ServiceHealth(TimeProvider time)
{
    /// <summary>Calls that time out one after the other until the backend counts as down: one that hangs refuses nothing.</summary>
    public const int TimeoutsUntilDown = 3;

    /// <summary>The longest time between two probes: a backend that comes back is used again within it.</summary>
    public static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_firstBackoff = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private TimeSpan _backoff = s_firstBackoff;
    private int _timeouts;
    private volatile string? _error;

    /// <summary>Why the backend counts as down; null while it does not.</summary>
    public string? Error => _error;

    /// <summary>Since when it has been as it is.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    /// <summary>It answered. Costs a read when that is nothing new.</summary>
    public void Answered()
    {
        Volatile.Write(ref _timeouts, 0);
        if (_error is null)
        {
            return;
        }
        lock (_lock)
        {
            _error = null;
            _backoff = s_firstBackoff;
            Since = time.GetUtcNow();
        }
    }

    /// <summary>It failed; true when that is new, and somebody should begin to probe.</summary>
    public bool Failed(string error)
    {
        lock (_lock)
        {
            var isNew = _error is null;
            _error = error;
            if (isNew)
            {
                Since = time.GetUtcNow();
            }
            return isNew;
        }
    }

    /// <summary>A call timed out; true when so many have that the backend counts as down from now on.</summary>
    public bool TimedOut(string error) => Interlocked.Increment(ref _timeouts) >= TimeoutsUntilDown && Failed(error);

    /// <summary>How long to wait before the next probe; each time longer.</summary>
    public TimeSpan NextBackoff()
    {
        lock (_lock)
        {
            var wait = _backoff;
            _backoff = wait * 2 < LongestBackoff ? wait * 2 : LongestBackoff;
            return wait;
        }
    }
}
