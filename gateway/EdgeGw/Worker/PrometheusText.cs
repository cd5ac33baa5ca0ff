using System.Globalization;
using System.Text;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Admit;

namespace EdgeGw.Worker;

/// <summary>The data plane's figures in the Prometheus text format (version 0.0.4).</summary>
internal static class PrometheusText
{
    /// <summary>Writes all of them.</summary>
    public static string Write(PipelineContext context, EpochHolder epochs)
    {
        var text = new StringBuilder(16 * 1024);
        var epoch = epochs.Current;
        var versions = context.Versions.All;
        Gauge(text, "edgegw_epoch", "The epoch in force.", epoch.Number);
        Gauge(text, "edgegw_worker_in_flight", "Requests under way.", context.Gate.Inside);
        Counter(text, "edgegw_worker_refused_total", "Requests refused because Limits:Concurrency was reached.", Admission.Refused);
        Counter(text, "edgegw_worker_allocated_bytes_total", "Managed bytes the worker has allocated.", GC.GetTotalAllocatedBytes());
        Counter(text, "edgegw_worker_gc_collections_total", "Garbage collections of the worker.", GC.CollectionCount(0));
        Gauge(text, "edgegw_worker_scheduled_work", "Pieces of work that handlers have waiting.", context.Scheduler.Waiting);
        Counter(text, "edgegw_log_dropped_total", "Log lines that found the queue full.", context.Log.Dropped);
        Counter(text, "edgegw_access_log_dropped_total", "Access log lines that found the queue full.", context.AccessLog.Dropped);

        Head(text, "edgegw_versions", "gauge", "Versions in this worker by state.");
        foreach (var group in versions.GroupBy(v => v.State))
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_versions{{state=\"{group.Key.ToString().ToLowerInvariant()}\"}} {group.Count()}\n");
        }
        Head(text, "edgegw_handler_faults_total", "counter", "Calls of a handler's that broke the contract.");
        foreach (var version in versions)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_handler_faults_total{{handler=\"{Escape(version.Config.Name)}\",version=\"{Escape(version.Config.Version)}\",ordinal=\"{version.Ordinal}\"}} {version.Faults}\n");
        }

        // Two routes with one state (the same route in two epochs) are one series; hosts tell equal patterns apart.
        var routes = epoch.Routes.DistinctBy(r => r.State).Select(r => (Host: r.Host, r.State)).ToList();
        Head(text, "edgegw_requests_total", "counter", "Requests answered, by status class; class 0: the client left before its answer.");
        foreach (var (host, state) in routes)
        {
            Classes(text, Labels(host, state.Metrics), state.Metrics);
        }
        Classes(text, "route=\"\"", context.Unmatched);
        Head(text, "edgegw_request_duration_seconds", "histogram", "From the request's head to the end of its handler.");
        foreach (var (host, state) in routes)
        {
            Histogram(text, Labels(host, state.Metrics), state.Metrics);
        }
        Head(text, "edgegw_route_in_flight", "gauge", "Requests inside the route's handler.");
        foreach (var (host, state) in routes)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_route_in_flight{{{Labels(host, state.Metrics)}}} {state.Gate.Inside}\n");
        }
        Head(text, "edgegw_route_waiting", "gauge", "Requests waiting for the route's turn.");
        foreach (var (host, state) in routes)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_route_waiting{{{Labels(host, state.Metrics)}}} {state.Gate.Waiting}\n");
        }
        return text.ToString();
    }

    private static string Labels(string host, RouteMetrics metrics) =>
        $"handler=\"{Escape(metrics.Handler)}\",method=\"{Escape(metrics.Method)}\",host=\"{Escape(host)}\",route=\"{Escape(metrics.Pattern)}\"";

    private static void Classes(StringBuilder text, string labels, RouteMetrics metrics)
    {
        for (var i = 0; i < 6; i++)
        {
            if (metrics.CountOf(i) is > 0 and var count)
            {
                text.Append(CultureInfo.InvariantCulture, $"edgegw_requests_total{{{labels},class=\"{i}xx\"}} {count}\n");
            }
        }
    }

    private static void Histogram(StringBuilder text, string labels, RouteMetrics metrics)
    {
        var cumulative = 0L;
        for (var i = 0; i < RouteMetrics.Buckets; i++)
        {
            cumulative += metrics.CountIn(i);
            var bound = i == RouteMetrics.Buckets - 1 ? "+Inf" : (RouteMetrics.UpperBound(i) / 1e6).ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"edgegw_request_duration_seconds_bucket{{{labels},le=\"{bound}\"}} {cumulative}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"edgegw_request_duration_seconds_sum{{{labels}}} {metrics.TotalMicroseconds / 1e6}\n");
        text.Append(CultureInfo.InvariantCulture, $"edgegw_request_duration_seconds_count{{{labels}}} {cumulative}\n");
    }

    private static void Gauge(StringBuilder text, string name, string help, long value) => Single(text, name, "gauge", help, value);

    private static void Counter(StringBuilder text, string name, string help, long value) => Single(text, name, "counter", help, value);

    private static void Single(StringBuilder text, string name, string type, string help, long value)
    {
        Head(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
