using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.HandingOver;

/// <summary>What a reload came to: the worker that serves now, and the keys whose new values control does not take over by a reload.</summary>
internal sealed record ReloadOutcome(WorkerInstance Worker, IReadOnlyList<string> Pending);

/// <summary>Reads the settings again and hands over to a worker that has them. Control itself keeps those it was started with.</summary>
internal sealed class Reload(HandOvers handOvers, WorkerSupervisor workers, EdgeGwCommand program, StateDirectory state, GatewaySettings settings, Func<GatewaySettings> reread)
{
    // Everything else is the worker's, which reads it at its start.
    private static readonly string[] s_controls =
    [
        "Listen", "Admin", "Ledger:", "Handlers:KeepEpochs", "Handlers:MaxLibraryBytes", "Worker:StartTimeoutMs", "Worker:StopTimeoutMs", "Worker:DrainMs", "Worker:IdleDrainMs", "Worker:MaxDraining", "Worker:ControlGroups",
        "Worker:RestartBackoffMs", "Worker:LivenessTimeoutMs", "Crashes:", "Handlers:KeepStuckReports", "Handlers:SelfTestTimeoutMs", "Handlers:RetryMs", "Catalog:", "Events:", "Identity:", "Canary:",
        "Telemetry:Otlp", "Telemetry:Traces", "Telemetry:Metric", "Telemetry:ServiceName", "Telemetry:TraceIntervalMs", "Telemetry:Queue", "Telemetry:Batch", "Telemetry:TimeoutMs",
    ];

    /// <summary>Throws <see cref="ChangeRefusedException"/>, as reading the settings does for settings that are wrong; then the settings and the worker are those from before.</summary>
    internal Task<ReloadOutcome> RunAsync(CancellationToken cancellation) => handOvers.InTurnAsync(async () =>
    {
        var next = Read();
        var before = await File.ReadAllBytesAsync(state.SettingsFile, CancellationToken.None);
        RunFile.Write(state.SettingsFile, JsonSerializer.SerializeToUtf8Bytes(next, SettingsJson.Default.GatewaySettings));
        if (await handOvers.RunInTurnAsync("reload", program) is { } failure)
        {
            RunFile.Write(state.SettingsFile, before);
            throw new ChangeRefusedException(422, "The reload was not made.", $"{failure} The worker from before serves on.");
        }
        return new ReloadOutcome(workers.InService ?? throw new ChangeRefusedException(503, "The new worker ended just after it had taken over; another is started."), Pending(next));
    }, cancellation);

    private GatewaySettings Read()
    {
        try
        {
            var next = reread();
            TlsFiles.Check([.. settings.Listen.Select(url => ListenAddress.Parse(url, "Listen"))], next.Tls);
            return next;
        }
        catch (ControlStartException e)
        {
            throw new ChangeRefusedException(422, "The settings are wrong; nothing was changed.", e.Message);
        }
    }

    private List<string> Pending(GatewaySettings next) =>
        [.. SettingTable.All.Where(setting => s_controls.Any(key => setting.Key.StartsWith(key, StringComparison.Ordinal)) && setting.Show(next) != setting.Show(settings)).Select(setting => setting.Key)];
}
