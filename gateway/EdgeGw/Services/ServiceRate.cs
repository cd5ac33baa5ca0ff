using System.Diagnostics;

namespace EdgeGw.Services;

/// <summary>A token bucket: so many calls of services a second, a second's worth at once. One compared and exchanged word, no lock.</summary>
/// <param name="perSecond">Calls a second.</param>
/// <param name="time">The clock.</param>
internal sealed class ServiceRate(int perSecond, TimeProvider time)
{
    // Ticks that one call costs; what is not whole is kept by counting in thousandths.
    private readonly long _cost = Math.Max(1, (long)(Stopwatch.Frequency * 1000.0 / perSecond));
    private readonly long _burst = Stopwatch.Frequency * 1000;

    // When the calls made so far will have been paid for, in thousandths of a tick.
    private long _paid;
    private long _refused;

    /// <summary>Calls a second.</summary>
    public int PerSecond { get; } = perSecond;

    /// <summary>Calls refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Takes one call's worth; false when there is none.</summary>
    public bool TryTake()
    {
        var now = (long)(time.GetTimestamp() * (1000.0 * Stopwatch.Frequency / time.TimestampFrequency));
        var paid = Volatile.Read(ref _paid);
        while (true)
        {
            var next = Math.Max(paid, now) + _cost;
            if (next - now > Math.Max(_burst, _cost))
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
