using System.Globalization;
using System.Text;
using EdgeGw.Calls;
using EdgeGw.Generations;

namespace EdgeGw.Worker;

/// <summary>What each version of each handler uses, in the Prometheus text format.</summary>
internal static class HandlerText
{
    private sealed record Series(string Name, string Type, string Help, Func<HandlerVersion, double?> Value);

    private static readonly Series[] s_all =
    [
        new("edgegw_handler_cpu_seconds_total", "counter", "Processor time inside a version, by samples.", v => v.Usage.CpuNanoseconds / 1e9),
        new("edgegw_handler_blocked_threads", "gauge", "Threads that a version holds inside one call for longer than a moment.", v => v.Usage.BlockedThreads),
        new("edgegw_handler_lost_threads", "gauge", "Threads that went into a version and did not come back by their hard deadline.", v => v.Usage.LostThreads),
        new("edgegw_handler_lost_requests", "gauge", "Requests that a version has not completed long after anybody waited for them.", v => v.Usage.LostRequests),
        new("edgegw_handler_out_of_memory_total", "counter", "Requests that failed because a version had reached its memory limit.", v => v.Usage.OutOfMemory),
        new("edgegw_handler_service_calls_refused_total", "counter", "Calls of services beyond the handler's rate.", v => v.ServiceRate?.Refused),
        new("edgegw_handler_heap_bytes", "gauge", "Bytes in a version's own garbage-collected heap.", v => Known(v)?.HeapBytes),
        new("edgegw_handler_allocated_bytes_total", "counter", "Bytes that a version has allocated in its own heap.", v => Known(v)?.AllocatedBytes),
        new("edgegw_handler_gc_collections_total", "counter", "Garbage collections of a version's own heap.", v => Known(v)?.Collections),
        new("edgegw_handler_gc_pause_seconds_total", "counter", "Time that a version's own garbage collections have stopped it for.", v => Known(v)?.PauseNanoseconds / 1e9),
    ];

    private static HandlerMemory? Known(HandlerVersion version) => version.Memory is { IsKnown: true } memory ? memory : null;

    /// <summary>Writes all of them.</summary>
    public static void Write(StringBuilder text, IReadOnlyList<HandlerVersion> versions)
    {
        foreach (var series in s_all)
        {
            PrometheusText.Head(text, series.Name, series.Type, series.Help);
            foreach (var version in versions.Where(version => version.Isolated is null))
            {
                if (series.Value(version) is { } value)
                {
                    text.Append(CultureInfo.InvariantCulture,
                        $"{series.Name}{{handler=\"{PrometheusText.Escape(version.Config.Name)}\",version=\"{PrometheusText.Escape(version.Config.Version)}\",ordinal=\"{version.Ordinal}\"}} {value}\n");
                }
            }
        }
    }
}
