using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeGw.Bundles;
using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.AdminUi;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Bundles;
using EdgeGw.Control.Canaries;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Compiling;
using EdgeGw.Control.Compiling.Builds;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Events;
using EdgeGw.Control.HandingOver;
using EdgeGw.Control.Identity;
using EdgeGw.Control.Importing;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Isolation.Groups;
using EdgeGw.Control.Observability;
using EdgeGw.Control.OpenApi;
using EdgeGw.Control.Requests;
using EdgeGw.Control.Retrying;
using EdgeGw.Control.Scouting;
using EdgeGw.Control.Secrets;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Stuck;
using EdgeGw.Control.Supervision;
using EdgeGw.Control.Systemd;
using EdgeGw.Control.Telemetry;
using EdgeGw.Control.Trying;
using EdgeGw.Control.Upgrading;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgeGw.Control;

/// <summary>Control's parts, put together.</summary>
internal sealed class ControlHost : IAsyncDisposable
{
    private const string DefaultListen = "http://127.0.0.1:8080";

    // What follows from a crash just before the end may still be kept; it is not waited for without end.
    private static readonly TimeSpan s_lastChange = TimeSpan.FromSeconds(5);

    private readonly OwnedParts _parts;
    private readonly GatewaySettings _settings;
    private readonly StateDirectory _state;
    private readonly Takeover _takeover;
    private readonly WorkerSupervisor _workers;
    private readonly IsolatedWorkers _isolated;
    private readonly EpochStore _epochs;
    private readonly ServiceNotices _notices;
    private readonly CrashWatch _crashes;
    private readonly EpochChanges _changes;
    private readonly StuckWatch _stuck;
    private readonly CanaryWatch _canaries;
    private readonly FailedStarts _failed;
    private readonly LedgerWatch _ledger;
    private readonly Upgrade _upgrade;
    private readonly BuildQueue _builds;
    private readonly EventParts _events;
    private readonly AdminServer _admin;
    private readonly ControlLog _log;
    private readonly TimeProvider _clock;

    private ControlHost(
        OwnedParts parts, GatewaySettings settings, StateDirectory state, Takeover takeover, WorkerSupervisor workers, IsolatedWorkers isolated, EpochStore epochs, CrashWatch crashes, EpochChanges changes, StuckWatch stuck, CanaryWatch canaries, FailedStarts failed, LedgerWatch ledger, Upgrade upgrade,
        BuildQueue builds, EventParts events, AdminServer admin, ControlLog log, TimeProvider clock)
    {
        _parts = parts;
        _settings = settings;
        _state = state;
        _takeover = takeover;
        _workers = workers;
        _isolated = isolated;
        _epochs = epochs;
        _crashes = crashes;
        _changes = changes;
        _stuck = stuck;
        _canaries = canaries;
        _failed = failed;
        _ledger = ledger;
        _upgrade = upgrade;
        _builds = builds;
        _events = events;
        _admin = admin;
        _log = log;
        _clock = clock;
        _notices = new ServiceNotices(new SystemdNotifier(), SystemdVariables.Watchdog(Environment.GetEnvironmentVariable, Environment.ProcessId), IsAliveAsync, Status, log, clock);
    }

    /// <summary>The state directory's full path.</summary>
    internal string StateRoot => _state.Root;

    /// <summary>Where traffic is served, with the ports in use.</summary>
    internal IReadOnlyList<string> Urls => _takeover.Sockets.Urls;

    /// <summary>Where the Admin API is served over TCP; null for the Unix socket alone.</summary>
    internal string? AdminUrl => _admin.Url;

    /// <summary>What the console says of the first visit of the Admin UI; null when there is nothing to say.</summary>
    internal string? Setup { get; private init; }

    private Func<CancellationToken, Task> Telemetry { get; init; } = _ => Task.CompletedTask;

    /// <summary>Every route of the Admin API.</summary>
    internal IReadOnlyList<Microsoft.AspNetCore.Routing.RouteEndpoint> AdminRoutes => _admin.Routes;

    /// <summary>Takes the state directory and the sockets; no worker runs yet. <paramref name="reread"/> reads the settings again, for a reload, or throws
    /// <see cref="ChangeRefusedException"/>; without it they stay. <paramref name="arguments"/> are those of <c>run</c>, for an upgrade. Throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal static async Task<ControlHost> StartAsync(GatewaySettings settings, string stateDirectory, EdgeGwCommand command, Stream logOutput, TimeProvider clock, Func<GatewaySettings>? reread = null, IReadOnlyList<string>? arguments = null)
    {
        if (ProgramFiles.Missing is { } missing)
        {
            throw new ControlStartException(missing);
        }
        ListenAddress[] addresses = [.. settings.Listen.DefaultIfEmpty(DefaultListen).Select(url => ListenAddress.Parse(url, "--listen"))];
        TlsFiles.Check(settings.Admin.Length == 0 ? addresses : [.. addresses, ListenAddress.Parse(settings.Admin, "--admin")], settings.Tls);
        var parts = new OwnedParts();
        try
        {
            var log = parts.Own(new ControlLog(settings.Log, logOutput, clock));
            var succession = Succession.Take(stateDirectory);
            var state = parts.Own(StateDirectory.Open(stateDirectory, succession?.Lock));
            var files = new DurableFiles();
            var epochs = EpochStore.Open(state.Epochs, files, log.Error);
            var token = AdminToken.LoadOrCreate(state, files);
            RunFile.Write(state.SettingsFile, JsonSerializer.SerializeToUtf8Bytes(settings, SettingsJson.Default.GatewaySettings));
            var artifacts = new ArtifactStore(state.Artifacts, files, settings.Handlers.MaxLibraryBytes);
            artifacts.RemoveLeftovers();
            Scout.RemoveLeftovers(state);
            var database = parts.Own(new ControlDatabase(state.Database));

            var takeover = await Takeover.StartAsync(state, addresses, settings, succession, log, clock);
            parts.Own(takeover.Sockets);
            Orphans.RemoveCopies(state);
            var reports = new CrashStore(state.Crashes, settings.Crashes.Keep, log);
            var crashes = new CrashWatch(settings.Crashes, reports, epochs, log, clock);
            var workers = parts.Own(new WorkerSupervisor(command, state, settings, takeover.Sockets, epochs, crashes, log, clock));
            var secrets = new SecretStore(database, new SecretKey(state, settings.Identity.SecretsKey, files), settings.Identity, clock);
            var workerSecrets = new WorkerSecrets(secrets, log);
            workers.Secrets = workerSecrets.Of;
            var scout = parts.Own(new Scout(command, state, log, settings.Handlers));
            var isolated = new IsolatedWorkers(command, state, settings, epochs, workers, crashes, takeover.Sockets.Urls[0], log, clock)
            {
                Secrets = workerSecrets.OfHandler,
                Groups = ControlGroups.Take(settings.Worker.ControlGroups, OwnGroup.Find(File.ReadLines("/proc/self/cgroup"), File.ReadLines("/proc/self/mountinfo")), log, clock),
            };
            var changes = parts.Own(new EpochChanges(settings, epochs, artifacts, scout, workers, isolated, log, clock));
            var catalog = new CatalogParts(database, settings.Catalog, epochs, changes, artifacts, workers, log, clock);
            changes.Tidy();
            var stuckReports = new StuckReports(state.Stuck, settings.Handlers.KeepStuckReports, log);
            var stuck = new StuckWatch(workers, isolated, changes, stuckReports, log, clock);
            var canaries = parts.Own(new CanaryWatch(workers, isolated, stuck, changes, epochs, settings.Canary, log, clock));
            var failed = new FailedStarts(workers, isolated, changes, epochs, artifacts, scout, settings, log, clock);
            crashes.LibraryOf = artifacts.Find;
            crashes.Quarantine = changes.QuarantineAsync;
            workers.Behind = () => _ = changes.CatchUpAsync(CancellationToken.None);

            var logs = new LogStream(log, workers, isolated, settings.Log.Keep, clock);
            var requests = new RequestFeed(workers, isolated, clock);
            var events = parts.Own(new EventParts(settings.Events, catalog, epochs, reports, workers, logs, requests, log, clock));

            var handOvers = new HandOvers(changes, workers, isolated, log);
            var ledger = parts.Own(new LedgerWatch(handOvers, workers, command, settings.Ledger, catalog.Deployments, log, clock));
            changes.Changed = ledger.Notice;
            var reload = new Reload(handOvers, workers, command, state, settings, reread ?? (() => settings));

            var upgrade = new Upgrade(handOvers, workers, ProgramFile.AtStart(succession), arguments ?? [], state, settings, succession?.Count ?? 0, catalog.Deployments, log, clock);
            var compiler = parts.Own(new SourceCompiler(settings.Compile, new CompileFolders(state.Compile), clock));
            var builds = parts.Own(new BuildQueue(compiler, settings.Compile, log, clock) { Changed = events.BuildChanged });
            var bundleBounds = new BundleBounds(settings.Bundles.MaxBytes, settings.Bundles.MaxUnpackedBytes, settings.Bundles.MaxFiles);
            var collected = new CollectedBuilds(builds, artifacts, settings.Compile);
            var importBounds = new ImportBounds(settings.Import.MaxBytes, settings.Import.MaxNodes, settings.Import.MaxOperations);
            var spool = new BundleSpool(state.Run, bundleBounds);
            var telemetry = parts.Own(new TelemetryExport(settings.Telemetry, requests, workers, log, clock));
            var metrics = new ControlMetrics(epochs, changes, workers, isolated, crashes.Counts, handOvers, telemetry, log);
            var endpoints = new StateEndpoints(state, settings, epochs, workers, isolated, takeover.Sockets, metrics, handOvers, upgrade, clock);
            var identity = parts.Own(new IdentityParts(database, state, token, settings.Identity, Console.Out, log, clock));
            var admin = parts.Own(await AdminServer.StartAsync(state, settings, succession, identity, log, routes =>
            {
                identity.Map(routes);
                endpoints.Map(routes);
                catalog.Map(routes);
                events.Map(routes);
                OpenApiDocument.Map(routes);
                new ImportEndpoints(new OpenApiImport(database, epochs, changes, catalog, collected, importBounds, clock), clock).Map(routes);
                new ChangeEndpoints(changes, clock).Map(routes);
                new ProcessEndpoints(reload, upgrade, catalog.Deployments, clock).Map(routes);
                new CanaryEndpoints(canaries, changes, clock).Map(routes);
                new StuckEndpoints(stuckReports).Map(routes);
                new ServiceEndpoints(epochs, changes, workers, workerSecrets, clock).Map(routes);
                new SecretEndpoints(secrets, epochs).Map(routes);
                new CrashEndpoints(reports).Map(routes);
                new CompileEndpoints(compiler, builds, settings.Compile, clock).Map(routes);
                new EndpointBuilds(builds, catalog).Map(routes);
                new BundleEndpoints(new BundleApplication(changes, artifacts, database, catalog, collected, settings, bundleBounds, clock), new BundleExport(epochs, artifacts, database, spool), spool, bundleBounds, clock).Map(routes);
                ProviderEndpoint.Map(routes);
                new TryEndpoint(takeover.Sockets, settings.AdminUi, clock).Map(routes);
                new AdminUiEndpoint().Map(routes);
                new LogEndpoint(logs, settings.Log.Keep).Map(routes);
                new RequestApi(requests).Map(routes);
            }));
            endpoints.AdminUrl = admin.Url;
            return new ControlHost(parts, settings, state, takeover, workers, isolated, epochs, crashes, changes, stuck, canaries, failed, ledger, upgrade, builds, events, admin, log, clock)
            {
                Setup = admin.Url is null ? null : identity.Setup,
                Telemetry = stopping => telemetry.RunAsync(metrics.WriteAsync, stopping),
            };
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
    /// <paramref name="serving"/> is told once when the first worker serves. An upgrade ends this program here, without an end of the process.</summary>
    internal async Task RunAsync(Func<WorkerInstance, Task> serving, CancellationToken stop, CancellationToken hurry)
    {
        var running = _workers.RunAsync(_takeover);
        var isolated = _isolated.BeginAsync(_takeover.LeftIsolated, stop);
        var handover = HandOverAsync(serving, stop);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watches = Task.WhenAll(
            _ledger.RunAsync(watching.Token), _stuck.RunAsync(watching.Token), _canaries.RunAsync(watching.Token), _failed.RunAsync(watching.Token), _events.RunAsync(watching.Token), Telemetry(watching.Token), NotifyAsync(watching.Token, stop));
        await Task.WhenAny(running, Task.Delay(Timeout.Infinite, stop), _upgrade.Due); // `running` ends first only when it fails
        if (_upgrade.Due.IsCompleted)
        {
            await watching.CancelAsync();
            await watches;
            await LeaveAsync(stop);
        }
        await _workers.StopAsync(hurry);
        await isolated;
        await _isolated.StopAsync(hurry);
        await running;
        await handover;
        await watches;
        await Task.WhenAny(_crashes.SettledAsync(), Task.Delay(s_lastChange, _clock));
        File.Delete(_state.WorkerFile);
    }

    /// <summary>Puts the program that is at this one's path now in its place; what is wrong is logged, and changes nothing.</summary>
    internal Task UpgradeAsync() => _upgrade.RunAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    private async Task NotifyAsync(CancellationToken watching, CancellationToken stop)
    {
        try
        {
            await _workers.WaitInServiceAsync(Timeout.InfiniteTimeSpan, watching);
            await _notices.RunAsync(watching);
        }
        catch (OperationCanceledException)
        {
            // stopped before a worker was ready
        }
        if (stop.IsCancellationRequested)
        {
            _notices.Stopping();
        }
    }

    private async Task<bool> IsAliveAsync(TimeSpan patience) => _workers.InService is { } worker && await worker.Pulse.FeelAsync(patience);

    private string Status() =>
        $"Epoch {_epochs.Current?.Number ?? 0}, {_epochs.Current?.Handlers.Count ?? 0} handlers; "
        + (_workers.InService is { } worker ? $"worker {worker.Id} (process {worker.ProcessId}) serves." : "no worker serves now.");

    // Gives this process to the program that is now at this one's path; comes back only when the gateway is to stop instead.
    private async Task LeaveAsync(CancellationToken stop)
    {
        await _builds.DisposeAsync(); // their processes would be nobody's
        var admin = await _admin.LeaveAsync();
        if (stop.IsCancellationRequested)
        {
            return;
        }
        // The exec must not cut off a change between the worker's word and the disk's, nor what follows from a death.
        await _crashes.SettledAsync();
        await _changes.CloseAsync();
        var worker = _workers.InService;
        var draining = _workers.Draining.Where(left => left.IsChild).ToList(); // the others are found again as orphans
        draining.AddRange(_isolated.Leave()); // until their successors serve
        var channels = draining.Append(worker).Select(left => left?.Channels).OfType<WorkerChannels>().ToList();
        var succession = new Succession(
            Environment.ProcessId, Succession.StartOf(), _upgrade.Count + 1, _upgrade.Program!.Executable, (int)_state.Lock.DangerousGetHandle(), _takeover.Sockets.Leave(), admin.Tcp?.Leave() ?? [], (int)admin.Unix.Handle,
            worker?.Leave(), [.. draining.Select(left => left.Leave())]);
        await _log.DisposeAsync(); // what was logged is written
        _upgrade.Execute(
            succession,
            [_state.Lock, admin.Unix.SafeHandle, .. channels.SelectMany(channel => channel.Left), .. _takeover.Sockets.Sockets.Concat(admin.Tcp?.Sockets ?? []).Select(socket => (SafeHandle)socket.Socket.SafeHandle)]);
        throw new ControlStartException("The program could not be replaced by the one at its path, nor by itself; the worker serves on, start 'edgegw run' again.");
    }

    private async Task HandOverAsync(Func<WorkerInstance, Task> serving, CancellationToken stop)
    {
        try
        {
            await serving(await _workers.WaitInServiceAsync(Timeout.InfiniteTimeSpan, stop));
        }
        catch (OperationCanceledException)
        {
            // stopped before a worker was ready
        }
        // What starting took is not needed again, and from here on control mostly waits.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
