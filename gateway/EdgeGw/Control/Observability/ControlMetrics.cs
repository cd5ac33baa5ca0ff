using System.Globalization;
using System.Text;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.HandingOver;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Supervision;
using EdgeGw.Control.Telemetry;

namespace EdgeGw.Control.Observability;

/// <summary>Prometheus text: control's own figures, then the worker's.</summary>
internal sealed class ControlMetrics(EpochStore epochs, EpochChanges changes, WorkerSupervisor workers, IsolatedWorkers isolated, CrashCounts crashes, HandOvers handOvers, TelemetryExport telemetry, ControlLog log)
{
    internal async Task<string> WriteAsync(CancellationToken cancellation)
    {
        var text = new StringBuilder(4096);
        var worker = workers.InService;
        Gauge(text, "edgegw_control_epoch", "The number of the desired epoch, 0 before the first deploy.", epochs.Current?.Number ?? 0);
        Gauge(text, "edgegw_control_worker_up", "Whether a worker is in service.", worker is null ? 0 : 1);
        Counter(text, "edgegw_control_worker_restarts_total", "Workers started after the first.", workers.Restarts);
        Counter(text, "edgegw_control_workers_frozen_total", "Workers killed because their event loops stood still (Worker:LivenessTimeoutMs).", workers.Frozen);
        Gauge(text, "edgegw_control_resident_bytes", "Resident memory of the control process.", ProcessFigures.Read(Environment.ProcessId).RssBytes);
        Gauge(text, "edgegw_control_worker_resident_bytes", "Resident memory of the worker process.", worker is null ? 0 : ProcessFigures.Read(worker.ProcessId).RssBytes);
        Counter(text, "edgegw_control_log_lines_dropped_total", "Log lines that standard error was too slow for.", log.Dropped);
        Counter(text, "edgegw_control_telemetry_sent_total", "Traced requests whose spans the collector has taken.", telemetry.Sent);
        Gauge(text, "edgegw_control_telemetry_waiting", "Traced requests whose spans wait to be sent.", telemetry.Waiting);
        Counter(text, "edgegw_control_telemetry_dropped_total", "Traced requests whose spans were not sent: Telemetry:Queue was full, or the collector refused them.", telemetry.Dropped);
        Head(text, "edgegw_control_changes_total", "Changes of the desired state by action and outcome.", "counter");
        foreach (var ((action, outcome), count) in changes.Counts.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_control_changes_total{{action=\"{action}\",outcome=\"{outcome}\"}} {count}\n");
        }
        Versions(text, "edgegw_control_worker_crashes_total", "Deaths of a worker by the version that is blamed, if one is.", crashes.Crashes);
        Versions(text, "edgegw_control_quarantines_total", "Versions taken out of service since they killed workers.", crashes.Quarantines);
        Gauge(text, "edgegw_control_quarantined_versions", "Versions that may not run.", epochs.Current?.Quarantine.Count ?? 0);
        Gauge(text, "edgegw_control_workers_draining", "Replaced workers that still finish what they have.", workers.Draining.Count);
        Head(text, "edgegw_control_handovers_total", "Workers replaced by a fresh one, by reason and outcome.", "counter");
        foreach (var ((reason, outcome), count) in handOvers.Counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"edgegw_control_handovers_total{{reason=\"{reason}\",outcome=\"{outcome}\"}} {count}\n");
        }
        IsolatedMetrics.Write(text, isolated.All);
        if (worker is not null)
        {
            var apart = await Task.WhenAll(isolated.All.Select(one => one.Serving).OfType<WorkerInstance>().Select(async one => (one.ProcessId, Text: await one.Client.MetricsAsync(cancellation) ?? "")));
            text.Append(IsolatedMetrics.Merge(await worker.Client.MetricsAsync(cancellation) ?? "", apart));
        }
        return text.ToString();
    }

    private static void Versions(StringBuilder text, string name, string help, IEnumerable<KeyValuePair<(string Handler, string Version), long>> counts)
    {
        Head(text, name, help, "counter");
        foreach (var ((handler, version), count) in counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{handler=\"{Escaped(handler)}\",version=\"{Escaped(version)}\"}} {count}\n");
        }
    }

    // A version is any text of a manifest.
    internal static string Escaped(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Gauge(StringBuilder text, string name, string help, long value)
    {
        Head(text, name, help, "gauge");
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Counter(StringBuilder text, string name, string help, long value)
    {
        Head(text, name, help, "counter");
        text.Append(CultureInfo.InvariantCulture, $"{name} {value}\n");
    }

    private static void Head(StringBuilder text, string name, string help, string type) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
