using System.Diagnostics;
using EdgeGw.Abi;
using EdgeGw.Generations;
using EdgeGw.Pipeline.Match;
using EdgeGw.Pipeline.Pin;

namespace EdgeGw.Pipeline;

/// <summary>A route of one epoch: where a match leads. Immutable.</summary>
internal sealed class Route
{
    /// <summary>Host, <c>*.host</c> or <c>*</c>.</summary>
    public required string Host { get; init; }

    /// <summary>Method or <c>*</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The whole pattern, the deployment's prefix included.</summary>
    public required RoutePattern Pattern { get; init; }

    /// <summary>For logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>The index in the library's manifest.</summary>
    public required uint Index { get; init; }

    /// <summary>The version that answers.</summary>
    public required HandlerVersion Version { get; init; }

    /// <summary>What lives longer than one epoch.</summary>
    public required RouteState State { get; init; }

    /// <summary>Milliseconds until 504; 0 for never.</summary>
    public required int DeadlineMs { get; init; }

    /// <summary>Bytes of the largest request body.</summary>
    public required long MaxBodyBytes { get; init; }

    /// <summary>The pattern for the handler.</summary>
    public required AbiText PatternText { get; init; }

    /// <summary>The version on trial and its share of this route's requests; null for none.</summary>
    public CanaryShare? Canary { get; init; }

    /// <summary>On a canary's route: the live one that it takes its share from. Set once, while the epoch is prepared.</summary>
    public Route? Live { get; set; }

    /// <summary>While a canary runs: what it is judged by, on its own route as on the live one.</summary>
    public CanaryTally? Tally { get; init; }

    /// <summary>The deadline in timestamp ticks; 0 for never.</summary>
    public long DeadlineTicks => DeadlineMs * (Stopwatch.Frequency / 1000);
}

/// <summary>What a route keeps across epochs, so that a deploy neither resets its counters nor doubles its concurrency.</summary>
internal sealed class RouteState(RequestGate gate, RouteMetrics metrics)
{
    /// <summary>Bounds its requests.</summary>
    public RequestGate Gate { get; } = gate;

    /// <summary>Counts them.</summary>
    public RouteMetrics Metrics { get; } = metrics;
}
