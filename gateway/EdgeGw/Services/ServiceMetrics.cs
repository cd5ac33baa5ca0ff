using EdgeGw.Abi;
using EdgeGw.Pipeline;

namespace EdgeGw.Services;

/// <summary>What one handler's calls of one service came to.</summary>
internal sealed class ServiceMetrics(string service, string handler)
{
    private readonly long[] _byOutcome = new long[Enum.GetValues<ServiceOutcome>().Length];
    private readonly long[] _byLatency = new long[RouteMetrics.Buckets];
    private long _microseconds;

    /// <summary>The service, as <c>kind:name</c>.</summary>
    public string Service { get; } = service;

    /// <summary>The handler's name.</summary>
    public string Handler { get; } = handler;

    /// <summary>Sum of all latencies in microseconds.</summary>
    public long TotalMicroseconds => Volatile.Read(ref _microseconds);

    /// <summary>Calls that ended so.</summary>
    public long CountOf(ServiceOutcome outcome) => Volatile.Read(ref _byOutcome[(int)outcome]);

    /// <summary>Calls in a latency bucket (<see cref="RouteMetrics.UpperBound"/>).</summary>
    public long CountIn(int bucket) => Volatile.Read(ref _byLatency[bucket]);

    /// <summary>Counts one call.</summary>
    public void Record(AbiResult result, long microseconds)
    {
        Interlocked.Increment(ref _byOutcome[(int)OutcomeOf(result)]);
        Interlocked.Increment(ref _byLatency[RouteMetrics.BucketOf(microseconds)]);
        Interlocked.Add(ref _microseconds, microseconds);
    }

    /// <summary>How a result is counted.</summary>
    public static ServiceOutcome OutcomeOf(AbiResult result) => result switch
    {
        >= AbiResult.Ok => ServiceOutcome.Answered,
        AbiResult.Busy => ServiceOutcome.Busy,
        AbiResult.Unavailable => ServiceOutcome.Unavailable,
        AbiResult.TimedOut => ServiceOutcome.TimedOut,
        AbiResult.Cancelled => ServiceOutcome.Cancelled,
        _ => ServiceOutcome.Refused,
    };
}

/// <summary>How a call ended, for counting.</summary>
internal enum ServiceOutcome
{
    /// <summary>With an answer, "nothing there" included.</summary>
    Answered,
    /// <summary>The backend refused it, or it was wrong.</summary>
    Refused,
    /// <summary>The queue was full.</summary>
    Busy,
    /// <summary>The backend was down.</summary>
    Unavailable,
    /// <summary>It took too long.</summary>
    TimedOut,
    /// <summary>Its request was over.</summary>
    Cancelled,
}
