using System.Diagnostics;
using EdgeGw.Configuration;

namespace EdgeGw.Pipeline.Observe;

/// <summary>Which requests of this worker are traced: parent-based, else a share of them, and never more than so many a second. Any thread.</summary>
internal sealed class Tracing
{
    private readonly Share _share;
    private readonly SecondBudget _budget;

    /// <summary>As the settings say.</summary>
    public Tracing(TelemetrySettings settings)
    {
        IsOn = settings.OtlpEndpoint.Length > 0 && settings.Traces;
        Propagates = settings.Propagate;
        _share = new Share(settings.TraceRatio);
        _budget = new SecondBudget(settings.MaxTracesPerSecond);
    }

    /// <summary>Whether there is somebody to send traces to.</summary>
    public bool IsOn { get; }

    /// <summary>Whether requests that handlers send carry the trace on.</summary>
    public bool Propagates { get; }

    /// <summary>Whether a request is traced whose client has decided so.</summary>
    public bool TakesSampled(long now) => _budget.TryTake(now);

    /// <summary>Whether a request is traced whose client has decided nothing.</summary>
    public bool TakesRoot(long now) => _share.Takes(now) && _budget.TryTake(now);
}

/// <summary>A share of all requests, spread evenly over them. It depends on the time of each alone: a counter would be written by every thread for every request.</summary>
/// <param name="share">0 to 1.</param>
internal readonly struct Share(double share)
{
    private readonly uint _threshold = (uint)Math.Clamp(share * uint.MaxValue, 0, uint.MaxValue);

    /// <summary>Whether a request is one of them.</summary>
    /// <param name="now">In timestamp ticks, which the golden ratio spreads over all numbers.</param>
    public bool Takes(long now) => (uint)(((ulong)now * 0x9E3779B97F4A7C15ul) >> 32) <= _threshold && _threshold > 0;
}

/// <summary>So many a second, about: threads that race for the last one may both have it. Nothing is locked.</summary>
/// <param name="perSecond">How many.</param>
internal sealed class SecondBudget(int perSecond)
{
    private long _until;
    private int _left;

    /// <summary>Takes one; false when this second has no more.</summary>
    /// <param name="now">In timestamp ticks.</param>
    public bool TryTake(long now)
    {
        if (now >= Volatile.Read(ref _until))
        {
            Volatile.Write(ref _left, perSecond);
            Volatile.Write(ref _until, now + Stopwatch.Frequency);
        }
        // A second that is used up is only read: no cache line goes from one processor to the other.
        return Volatile.Read(ref _left) > 0 && Interlocked.Decrement(ref _left) >= 0;
    }
}
