using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Scouting;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Stuck;
using EdgeGw.Control.Supervision;
using EdgeGw.Control.Systemd;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgeGw.Control;

/// <summary>Control's parts, put together.</summary>
internal sealed class ControlHost : IAsyncDisposable
{
    private const string DefaultListen = "http://127.0.0.1:8080";

    private readonly OwnedParts _parts;
    private readonly GatewaySettings _settings;
    private readonly StateDirectory _state;
    private readonly Takeover _takeover;
    private readonly WorkerSupervisor _workers;
    private readonly EpochStore _epochs;
    private readonly ServiceNotices _notices;
    private readonly StuckWatch _stuck;
    private readonly ControlLog _log;
    private readonly TimeProvider _clock;

    private ControlHost(
        OwnedParts parts, GatewaySettings settings, StateDirectory state, Takeover takeover, WorkerSupervisor workers, EpochStore epochs, StuckWatch stuck, string? adminUrl, ControlLog log,
        TimeProvider clock)
    {
        _parts = parts;
        _settings = settings;
        _state = state;
        _takeover = takeover;
        _workers = workers;
        _epochs = epochs;
        _stuck = stuck;
        _log = log;
        _clock = clock;
        AdminUrl = adminUrl;
        _notices = new ServiceNotices(new SystemdNotifier(), SystemdVariables.Watchdog(Environment.GetEnvironmentVariable, Environment.ProcessId), IsAliveAsync, Status, log, clock);
    }

    /// <summary>The state directory's full path.</summary>
    internal string StateRoot => _state.Root;

    /// <summary>Where traffic is served, with the ports in use.</summary>
    internal IReadOnlyList<string> Urls => _takeover.Sockets.Urls;

    /// <summary>Where the Admin API is served over TCP; null for the Unix socket alone.</summary>
    internal string? AdminUrl { get; }

    /// <summary>Takes the state directory and the sockets; no worker runs yet. Throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal static async Task<ControlHost> StartAsync(GatewaySettings settings, string stateDirectory, EdgeGwCommand command, Stream logOutput, TimeProvider clock)
    {
        ListenAddress[] addresses = [.. settings.Listen.DefaultIfEmpty(DefaultListen).Select(url => ListenAddress.Parse(url, "--listen"))];
        TlsFiles.Check(addresses, settings.Tls);
        var parts = new OwnedParts();
        try
        {
            var log = parts.Own(new ControlLog(settings.Log, logOutput, clock));
            var state = parts.Own(StateDirectory.Open(stateDirectory));
            var files = new DurableFiles();
            var epochs = EpochStore.Open(state.Epochs, files, log.Error);
            var token = AdminToken.LoadOrCreate(state, files);
            RunFile.Write(state.SettingsFile, JsonSerializer.SerializeToUtf8Bytes(settings, SettingsJson.Default.GatewaySettings));
            var artifacts = new ArtifactStore(state.Artifacts, files, settings.Handlers.MaxLibraryBytes);
            artifacts.RemoveLeftovers();
            Scout.RemoveLeftovers(state);

            var takeover = await Takeover.StartAsync(state, addresses, settings, log, clock);
            parts.Own(takeover.Sockets);
            var reports = new CrashStore(state.Crashes, settings.Crashes.Keep, log);
            var crashes = new CrashWatch(settings.Crashes, reports, epochs, log, clock);
            var workers = parts.Own(new WorkerSupervisor(command, state, settings, takeover.Sockets, epochs, crashes, log, clock));
            var scout = parts.Own(new Scout(command, state, log, settings.Handlers));
            var changes = parts.Own(new EpochChanges(settings, epochs, artifacts, scout, workers, log, clock));
            changes.Tidy();
            var stuckReports = new StuckReports(state.Stuck, settings.Handlers.KeepStuckReports, log);
            var stuck = new StuckWatch(workers, changes, stuckReports, log, clock);
            crashes.Quarantine = changes.QuarantineAsync;
            workers.Behind = () => _ = changes.CatchUpAsync(CancellationToken.None);

            var endpoints = new StateEndpoints(state, settings, epochs, workers, takeover.Sockets, new ControlMetrics(epochs, changes, workers, crashes.Counts, log), clock);
            var admin = parts.Own(await AdminServer.StartAsync(state, settings.Admin, token, settings.Handlers.MaxLibraryBytes, log, routes =>
            {
                endpoints.Map(routes);
                new ChangeEndpoints(changes, clock).Map(routes);
                new StuckEndpoints(stuckReports).Map(routes);
                new ServiceEndpoints(epochs, changes, workers, clock).Map(routes);
                new CrashEndpoints(reports).Map(routes);
                new LogEndpoint(new LogStream(log, workers, settings.Log.Keep, clock), settings.Log.Keep).Map(routes);
            }));
            endpoints.AdminUrl = admin.Url;
            return new ControlHost(parts, settings, state, takeover, workers, epochs, stuck, admin.Url, log, clock);
        }
        catch (Exception e)
        {
            await parts.DisposeAsync();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new ControlStartException($"The state directory '{stateDirectory}' cannot be written: {Files.Reason(e)}.");
            }
            throw;
        }
    }

    /// <summary>Keeps a worker running until <paramref name="stop"/>, then ends it in good order, or at once when <paramref name="hurry"/> is cancelled too.
    /// <paramref name="serving"/> is told once when the first worker serves.</summary>
    internal async Task RunAsync(Func<WorkerInstance, Task> serving, CancellationToken stop, CancellationToken hurry)
    {
        var running = _workers.RunAsync(_takeover.NextId);
        var handover = HandOverAsync(serving, stop);
        var notices = NotifyAsync(stop);
        var watching = _stuck.RunAsync(stop);
        await Task.WhenAny(running, Task.Delay(Timeout.Infinite, stop)); // `running` ends first only when it fails
        await _workers.StopAsync(hurry);
        await running;
        await handover;
        await notices;
        await watching;
        File.Delete(_state.WorkerFile);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private async Task NotifyAsync(CancellationToken stop)
    {
        try
        {
            await _workers.WaitInServiceAsync(Timeout.InfiniteTimeSpan, stop);
            await _notices.RunAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // stopped before a worker was ready
        }
        _notices.Stopping();
    }

    private async Task<bool> IsAliveAsync(TimeSpan patience) => _workers.InService is { } worker && await worker.Pulse.FeelAsync(patience);

    private string Status() =>
        $"Epoch {_epochs.Current?.Number ?? 0}, {_epochs.Current?.Handlers.Count ?? 0} handlers; "
        + (_workers.InService is { } worker ? $"worker {worker.Id} (process {worker.ProcessId}) serves." : "no worker serves now.");

    private async Task HandOverAsync(Func<WorkerInstance, Task> serving, CancellationToken stop)
    {
        try
        {
            await serving(await _workers.WaitInServiceAsync(Timeout.InfiniteTimeSpan, stop));
        }
        catch (OperationCanceledException)
        {
            // stopped before a worker was ready; the orphans go as well
        }
        await _takeover.StopOrphansAsync(_state, _settings, _log, _clock);

        // What starting took is not needed again, and from here on control mostly waits.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
