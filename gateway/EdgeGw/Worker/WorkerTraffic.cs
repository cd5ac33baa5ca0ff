using System.Text.Json.Serialization;
using EdgeGw.Pipeline;

namespace EdgeGw.Worker;

/// <summary>What <c>GET /traffic</c> on a worker's control socket answers: counts since its start, for whoever makes rates of them.</summary>
/// <param name="InFlight">Requests under way.</param>
/// <param name="CpuMs">Processor time of the process, in milliseconds.</param>
/// <param name="RssBytes">Resident bytes of the process.</param>
/// <param name="Handlers">By handler; the one without a name has what matched no route.</param>
internal sealed record WorkerTraffic(int InFlight, double CpuMs, long RssBytes, IReadOnlyList<HandlerTraffic> Handlers)
{
    /// <summary>Counts now.</summary>
    internal static WorkerTraffic Of(PipelineContext context, EpochState epoch)
    {
        var versions = context.Versions.All.ToLookup(version => version.Config.Name);
        var handlers = new List<HandlerTraffic>();
        // Two routes with one state (the same route in two epochs) are one.
        foreach (var handler in epoch.Routes.Select(route => route.State).Distinct().GroupBy(state => state.Metrics.Handler))
        {
            var own = versions[handler.Key];
            handlers.Add(new HandlerTraffic(
                handler.Key, Sum(handler.Select(state => state.Metrics), 6, (metrics, i) => metrics.CountOf(i)), Sum(handler.Select(state => state.Metrics), RouteMetrics.Buckets, (metrics, i) => metrics.CountIn(i)),
                handler.Sum(state => (long)state.Gate.Inside), own.Sum(version => version.Usage.CpuNanoseconds / 1e6), own.Any(version => version.Memory is { IsKnown: true }) ? own.Sum(version => version.Memory is { IsKnown: true } memory ? memory.HeapBytes : 0) : null));
        }
        handlers.Add(new HandlerTraffic("", Sum([context.Unmatched], 6, (metrics, i) => metrics.CountOf(i)), Sum([context.Unmatched], RouteMetrics.Buckets, (metrics, i) => metrics.CountIn(i)), 0, 0, null));
        return new WorkerTraffic(context.Gate.Inside, Environment.CpuUsage.TotalTime.TotalMilliseconds, Environment.WorkingSet, handlers);
    }

    private static long[] Sum(IEnumerable<RouteMetrics> all, int length, Func<RouteMetrics, int, long> count)
    {
        var sum = new long[length];
        foreach (var metrics in all)
        {
            for (var i = 0; i < length; i++)
            {
                sum[i] += count(metrics, i);
            }
        }
        return sum;
    }
}

/// <summary>What one handler has answered since the worker's start.</summary>
/// <param name="Handler">Its name.</param>
/// <param name="Classes">Answers by the first digit of their status; the first: given up, with the client gone.</param>
/// <param name="Latency">Answers by <see cref="RouteMetrics.UpperBound"/>.</param>
/// <param name="InFlight">Requests inside it.</param>
/// <param name="CpuMs">Its processor time, by samples, in milliseconds.</param>
/// <param name="HeapBytes">Bytes of its heap, where its library tells.</param>
internal sealed record HandlerTraffic(string Handler, IReadOnlyList<long> Classes, IReadOnlyList<long> Latency, long InFlight, double CpuMs, long? HeapBytes);

/// <summary>How traffic is written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WorkerTraffic))]
internal sealed partial class TrafficJson : JsonSerializerContext;
