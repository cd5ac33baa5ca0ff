using System.Globalization;
using System.Text;
using EdgeGw.Interop;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Admit;
using EdgeGw.Pipeline.Send;
using EdgeGw.Services;
using EdgeGw.Transport;
using EdgeGw.Worker.Defences;

namespace EdgeGw.Worker;

/// <summary>The data plane's figures in the Prometheus text format (version 0.0.4).</summary>
internal static class PrometheusText
{
    /// <summary>Writes all of them.</summary>
    public static string Write(PipelineContext context, EpochHolder epochs, EpollTransport? loops)
    {
        var text = new StringBuilder(16 * 1024);
        var epoch = epochs.Current;
        var versions = context.Versions.All;
        Gauge(text, "edgegw_epoch", "The epoch in force.", epoch.Number);
        Gauge(text, "edgegw_worker_in_flight", "Requests under way.", context.Gate.Inside);
        Counter(text, "edgegw_worker_refused_total", "Requests refused because Limits:Concurrency was reached.", Admission.Refused);
        Counter(text, "edgegw_worker_framing_refused_total", "Requests refused because they did not say plainly where their body ends.", Problems.FramingRefused);
        Head(text, "edgegw_worker_connections_refused_total", "counter", "Connections reset because Limits:Connections or Limits:ConnectionsPerAddress was reached.");
        text.Append(CultureInfo.InvariantCulture, $"edgegw_worker_connections_refused_total{{limit=\"connections\"}} {ConnectionGate.Refused}\n");
        text.Append(CultureInfo.InvariantCulture, $"edgegw_worker_connections_refused_total{{limit=\"address\"}} {ConnectionGate.RefusedOfAddress}\n");
        Counter(text, "edgegw_worker_http2_slowed_connections_total", "HTTP/2 connections slowed because they reset streams faster than Limits:Http2ResetsPerSecond.", ResetBrake.Braked);
        Head(text, "edgegw_worker_connections_failed_total", "counter", "Connections that Kestrel ended early, by its reason.");
        foreach (var (reason, count) in ConnectionEnds.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_worker_connections_failed_total{{reason=\"{Escape(reason)}\"}} {count}\n");
        }
        Counter(text, "edgegw_worker_allocated_bytes_total", "Managed bytes the worker has allocated.", GC.GetTotalAllocatedBytes());
        Counter(text, "edgegw_worker_gc_collections_total", "Garbage collections of the worker.", GC.CollectionCount(0));
        Gauge(text, "edgegw_worker_scheduled_work", "Pieces of work that handlers have waiting.", context.Scheduler.Waiting);
        Counter(text, "edgegw_worker_unseen_threads_total", "Threads whose calls would not be seen in a crash: more than Crashes:Threads were there.", BlameMemory.Overflow);
        if (loops is not null)
        {
            Gauge(text, "edgegw_worker_loop_threads", "Threads of the event loops, those inside handlers that block included.", loops.Threads);
            Counter(text, "edgegw_worker_slow_readers_total", "Connections reset because the client took too little of its answer (Limits:MinResponseBytesPerSecond).", loops.SlowReaders);
            Counter(text, "edgegw_worker_loop_handovers_total", "Event loops given to another thread because a handler blocked theirs.", loops.HandOvers);
            Counter(text, "edgegw_worker_loop_threads_exhausted_total", "Times that a blocked event loop found Worker:Threads reached and stayed blocked.", loops.RefusedHandOvers);
            Counter(text, "edgegw_worker_thread_refusals_total", "Requests answered 503 because threads were short and their handler held some.", context.ThreadRefusals);
        }
        Counter(text, "edgegw_log_dropped_total", "Log lines that found the queue full.", context.Log.Dropped);
        Counter(text, "edgegw_access_log_dropped_total", "Access log lines that found the queue full.", context.AccessLog.Dropped);

        Counter(text, "edgegw_request_log_records_total", "Requests recorded in the request log, or traced.", context.Requests.Recorded);
        Counter(text, "edgegw_request_log_skipped_total", "Requests that were to be recorded beyond RequestLog:PerSecond.", context.Requests.Skipped);
        Counter(text, "edgegw_request_log_dropped_total", "Records that a follower of the request log was too slow for.", context.Requests.Dropped);

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

        HandlerText.Write(text, versions);

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
        Services(text, context.Services);
        return text.ToString();
    }

    private static void Services(StringBuilder text, ServiceRegistry services)
    {
        Head(text, "edgegw_service_up", "gauge", "Whether a service's backend is believed to answer.");
        var slots = services.Slots.Where(slot => slot.Actor is not null).ToList();
        foreach (var slot in slots)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_service_up{{service=\"{slot}\"}} {(slot.Actor?.Health.Error is null ? 1 : 0)}\n");
        }
        Head(text, "edgegw_service_queued", "gauge", "Calls that wait for a service.");
        foreach (var slot in slots)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_service_queued{{service=\"{slot}\"}} {slot.Actor?.Queued ?? 0}\n");
        }
        Head(text, "edgegw_service_running", "gauge", "Calls and sessions that a service has at work.");
        foreach (var slot in slots)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_service_running{{service=\"{slot}\"}} {slot.Actor?.Running ?? 0}\n");
        }
        // Several versions of one handler are one account here.
        var accounts = services.Bindings.ToArray().GroupBy(binding => $"service=\"{binding.Slot}\",handler=\"{Escape(binding.Metrics.Handler)}\"", binding => binding.Metrics).ToList();
        Head(text, "edgegw_service_calls_total", "counter", "Calls of services, by how they ended.");
        foreach (var account in accounts)
        {
            foreach (var outcome in Enum.GetValues<ServiceOutcome>())
            {
                if (account.Sum(metrics => metrics.CountOf(outcome)) is > 0 and var count)
                {
                    text.Append(CultureInfo.InvariantCulture, $"edgegw_service_calls_total{{{account.Key},outcome=\"{outcome.ToString().ToLowerInvariant()}\"}} {count}\n");
                }
            }
        }
        Head(text, "edgegw_service_duration_seconds", "histogram", "From a handler's call to its answer.");
        foreach (var account in accounts)
        {
            Buckets(text, "edgegw_service_duration_seconds", account.Key, bucket => account.Sum(metrics => metrics.CountIn(bucket)), account.Sum(metrics => metrics.TotalMicroseconds));
        }
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

    private static void Histogram(StringBuilder text, string labels, RouteMetrics metrics) =>
        Buckets(text, "edgegw_request_duration_seconds", labels, metrics.CountIn, metrics.TotalMicroseconds);

    private static void Buckets(StringBuilder text, string name, string labels, Func<int, long> countIn, long totalMicroseconds)
    {
        var cumulative = 0L;
        for (var i = 0; i < RouteMetrics.Buckets; i++)
        {
            cumulative += countIn(i);
            var bound = i == RouteMetrics.Buckets - 1 ? "+Inf" : (RouteMetrics.UpperBound(i) / 1e6).ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{bound}\"}} {cumulative}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{labels}}} {totalMicroseconds / 1e6}\n");
        text.Append(CultureInfo.InvariantCulture, $"{name}_count{{{labels}}} {cumulative}\n");
    }

    private static void Gauge(StringBuilder text, string name, string help, long value) => Single(text, name, "gauge", help, value);

    private static void Counter(StringBuilder text, string name, string help, long value) => Single(text, name, "counter", help, value);

    private static void Single(StringBuilder text, string name, string type, string help, long value)
    {
        Head(text, name, type, help);
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    internal static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    internal static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
