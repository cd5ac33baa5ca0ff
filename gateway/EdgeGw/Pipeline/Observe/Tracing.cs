using System.Diagnostics;
using EdgeGw.Configuration;

namespace EdgeGw.Pipeline.Observe;

/// <summary>Which requests of this worker are traced: parent-based, else a share of them, and never more than so many a second. Any thread.</summary>
internal sealed class Tracing
{
    private readonly ulong _threshold;
    private readonly SecondBudget _budget;

    /// <summary>As the settings say.</summary>
    public Tracing(TelemetrySettings settings)
    {
        IsOn = settings.OtlpEndpoint.Length > 0 && settings.Traces;
        Propagates = settings.Propagate;
        _threshold = settings.TraceRatio >= 1 ? ulong.MaxValue : (ulong)(settings.TraceRatio * ulong.MaxValue);
        _budget = new SecondBudget(settings.MaxTracesPerSecond);
    }

    /// <summary>Whether there is somebody to send traces to.</summary>
    public bool IsOn { get; }

    /// <summary>Whether requests that handlers send carry the trace on.</summary>
    public bool Propagates { get; }

    /// <summary>Whether a request is traced whose client has decided so.</summary>
    public bool TakesSampled(long now) => _budget.TryTake(now);

    /// <summary>Whether a request is traced whose client has decided nothing.</summary>
    public bool TakesRoot(TraceId trace, long now) => (trace.Low <= _threshold && _threshold > 0) && _budget.TryTake(now);
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
