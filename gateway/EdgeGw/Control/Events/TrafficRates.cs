using EdgeGw.Pipeline;
using EdgeGw.Worker;

namespace EdgeGw.Control.Events;

/// <summary>Makes rates of two counts.</summary>
internal static class TrafficRates
{
    /// <summary>What happened between two looks at the worker. One that was replaced meanwhile has counted from nothing.</summary>
    /// <param name="before">The look before; null for the first.</param>
    /// <param name="after">The look now; null when no worker answers.</param>
    /// <param name="worker">The worker's process.</param>
    /// <param name="elapsed">The time between the two.</param>
    /// <param name="time">Now.</param>
    internal static MetricsEvent Between(WorkerTraffic? before, WorkerTraffic? after, int? worker, TimeSpan elapsed, DateTimeOffset time)
    {
        if (after is null)
        {
            return new MetricsEvent(time, elapsed.TotalMilliseconds, null, 0, 0, null, null, 0, 0, 0, []);
        }
        var known = (before?.Handlers ?? []).ToDictionary(handler => handler.Handler);
        var (seconds, handlers, latency) = (Math.Max(elapsed.TotalSeconds, 1e-3), new List<HandlerMetrics>(), new long[RouteMetrics.Buckets]);
        var (requests, errors) = (0L, 0L);
        foreach (var handler in after.Handlers)
        {
            var earlier = known.GetValueOrDefault(handler.Handler);
            var classes = Since(earlier?.Classes, handler.Classes);
            var buckets = Since(earlier?.Latency, handler.Latency);
            var (all, failed) = (classes.Sum(), classes[5]);
            (requests, errors) = (requests + all, errors + failed);
            for (var i = 0; i < latency.Length && i < buckets.Length; i++)
            {
                latency[i] += buckets[i];
            }
            if (handler.Handler.Length > 0)
            {
                handlers.Add(new HandlerMetrics(
                    handler.Handler, Round(all / seconds), Round(failed / seconds), Percentile(buckets, 0.5), Percentile(buckets, 0.99), handler.InFlight,
                    Share(earlier?.CpuMs, handler.CpuMs, elapsed), handler.HeapBytes));
            }
        }
        return new MetricsEvent(
            time, Math.Round(elapsed.TotalMilliseconds, 1), worker, Round(requests / seconds), Round(errors / seconds), Percentile(latency, 0.5), Percentile(latency, 0.99), after.InFlight,
            Share(before?.CpuMs, after.CpuMs, elapsed), after.RssBytes, handlers);
    }

    /// <summary>The time within which a share of the answers came, in milliseconds, as far as their buckets tell; null when there are none.</summary>
    internal static double? Percentile(IReadOnlyList<long> buckets, double share)
    {
        var total = buckets.Sum();
        if (total == 0)
        {
            return null;
        }
        var (rank, seen) = (share * total, 0L);
        for (var i = 0; i < buckets.Count; i++)
        {
            if (seen + buckets[i] >= rank && buckets[i] > 0)
            {
                var lower = i == 0 ? 0 : RouteMetrics.UpperBound(i - 1);
                // The last one has no upper bound.
                var upper = i == RouteMetrics.Buckets - 1 ? lower : RouteMetrics.UpperBound(i);
                return Math.Round((lower + ((upper - lower) * (rank - seen) / buckets[i])) / 1e3, 3);
            }
            seen += buckets[i];
        }
        return null;
    }

    private static long[] Since(IReadOnlyList<long>? before, IReadOnlyList<long> after) =>
        before is null || before.Count != after.Count || before.Sum() > after.Sum() ? [.. after] : [.. after.Select((count, i) => Math.Max(0, count - before[i]))];

    private static double Share(double? before, double after, TimeSpan elapsed) =>
        Math.Round(Math.Max(0, before is { } earlier && earlier <= after ? after - earlier : after) / Math.Max(elapsed.TotalMilliseconds, 1), 3);

    private static double Round(double rate) => Math.Round(rate, 1);
}
