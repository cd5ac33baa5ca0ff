namespace EdgeGw.Services;

/// <summary>A token bucket: so many calls of services a second, a second's worth at once. One compared and exchanged word, no lock.</summary>
/// <param name="perSecond">Calls a second.</param>
/// <param name="time">The clock.</param>
internal sealed class ServiceRate(int perSecond, TimeProvider time)
{
    // In timestamp ticks.
    private readonly long _cost = Math.Max(1, time.TimestampFrequency / perSecond);
    private readonly long _burst = time.TimestampFrequency;

    // When the calls made so far will have been paid for.
    private long _paid;
    private long _refused;

    /// <summary>Calls refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Takes one call's worth; false when there is none.</summary>
    public bool TryTake()
    {
        var now = time.GetTimestamp();
        var paid = Volatile.Read(ref _paid);
        while (true)
        {
            var next = Math.Max(paid, now) + _cost;
            if (next - now > _burst)
            {
                Interlocked.Increment(ref _refused);
                return false;
            }
            var seen = Interlocked.CompareExchange(ref _paid, next, paid);
            if (seen == paid)
            {
                return true;
            }
            paid = seen;
        }
    }
}
