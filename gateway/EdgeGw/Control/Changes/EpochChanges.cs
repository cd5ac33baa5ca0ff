using EdgeGw.Configuration;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Contracts;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Scouting;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;
using EdgeGw.Scouting;

namespace EdgeGw.Control.Changes;

/// <summary>Every change of the desired state. An epoch is written as a candidate, shown to the worker, and only when that serves it does it become the
/// desired state: a change that fails at any step has changed nothing.</summary>
internal sealed partial class EpochChanges(
    GatewaySettings settings, EpochStore epochs, ArtifactStore artifacts, Scout scout, WorkerSupervisor workers, IsolatedWorkers isolated, ControlLog log, TimeProvider clock) : IDisposable
{
    // Uploads are received side by side, a few at a time, so that a slow one does not hold up a rollback.
    private const int MaxUploads = 4;
    private const int MaxAttempts = 3;
    private const int StatusLost = 503;
    private const string NotInService = "the version was not in service any more, or was deployed again after that";

    private readonly ChangeQueue _queue = new();
    private readonly SemaphoreSlim _uploads = new(MaxUploads);

    /// <summary>Changes made, and changes refused.</summary>
    internal ChangeCounts Counts { get; } = new();

    /// <summary>Receives, tries out and deploys a library.</summary>
    internal async Task<ChangeOutcome> DeployAsync(Stream body, string fileName, DeploymentOptions options, CancellationToken cancellation)
    {
        var attempt = new Attempt("deploy") { Handler = options.Name, Origins = options.Origin is { } origin ? [origin] : [], IsDryRun = options.DryRun };
        var outcome = await CountAsync(attempt, () => ReceiveAndDeployAsync(body, fileName, options, attempt, cancellation));
        if (options.DryRun)
        {
            return outcome;
        }
        var handler = outcome.Epoch!.Handlers.First(h => h.Name == (options.Name ?? outcome.Scout!.Manifest!.Name));
        return options is { Wait: true, CanaryPercent: null } ? outcome with { Drained = await DrainWatch.WaitAsync(workers, handler, clock, cancellation) } : outcome;
    }

    /// <summary>Takes a handler away.</summary>
    internal Task<ChangeOutcome> UndeployAsync(string name, CancellationToken cancellation) =>
        ChangeAsync("undeploy", () => EpochHistory.Undeploy(epochs, name, clock.GetUtcNow()), cancellation, handler: name);

    /// <summary>Goes back to the epoch before.</summary>
    internal Task<ChangeOutcome> RollBackAsync(CancellationToken cancellation) =>
        ChangeAsync("rollback", () => EpochHistory.RollBack(epochs, clock.GetUtcNow()), cancellation);

    /// <summary>Goes back to a numbered epoch.</summary>
    internal Task<ChangeOutcome> RollBackToAsync(long number, CancellationToken cancellation) =>
        ChangeAsync("rollback", () => EpochHistory.RollBackTo(epochs, number, clock.GetUtcNow()), cancellation);

    /// <summary>Takes one handler back to its version before.</summary>
    internal Task<ChangeOutcome> RollBackHandlerAsync(string name, CancellationToken cancellation) =>
        ChangeAsync("rollback", () => EpochHistory.RollBackHandler(epochs, name, clock.GetUtcNow()), cancellation, handler: name);

    /// <summary>Puts a handler in service as it once was deployed. Its library must still be there.</summary>
    internal Task<ChangeOutcome> ReturnAsync(EpochHandler handler, string action, string reason, CancellationToken cancellation) => ChangeAsync(action, () =>
    {
        if (!File.Exists(artifacts.PathOf(handler.Sha256, handler.File)))
        {
            throw new ChangeRefusedException(409, $"The library of {handler.Name} {handler.Version} ({handler.Sha256[..8]}) is not kept any more; deploy it again.");
        }
        return EpochHistory.Return(epochs, handler, action, reason, clock.GetUtcNow());
    }, cancellation, $"{handler.Name} {handler.Version} is deployed like this already", handler.Name);

    /// <summary>Adds a service, or changes it.</summary>
    internal Task<ChangeOutcome> PutServiceAsync(EpochService service, bool force, CancellationToken cancellation) =>
        ChangeAsync("service", () => ServiceHistory.Put(epochs, service, force, clock.GetUtcNow()), cancellation, $"{service} is configured like this already");

    /// <summary>Takes a service away.</summary>
    internal Task<ChangeOutcome> RemoveServiceAsync(ServiceId id, bool force, CancellationToken cancellation) =>
        ChangeAsync("service", () => ServiceHistory.Remove(epochs, id, force, clock.GetUtcNow()), cancellation);

    /// <summary>Lets handlers use a service again, or not any more.</summary>
    internal Task<ChangeOutcome> EnableServiceAsync(ServiceId id, bool enabled, bool force, CancellationToken cancellation) =>
        ChangeAsync("service", () => ServiceHistory.Enable(epochs, id, enabled, force, clock.GetUtcNow()), cancellation, $"{id} is {(enabled ? "enabled" : "disabled")} already");

    /// <summary>Takes a version that killed the worker, or does not give its threads back, out of service: back to the one before, or to 503 when there is none that can be served. Gives what was done.</summary>
    internal async Task<string> QuarantineAsync(EpochQuarantine entry)
    {
        Task<ChangeOutcome> Change(bool goBack) => ChangeAsync("quarantine", () => EpochHistory.Quarantine(epochs, entry, goBack, clock.GetUtcNow()), CancellationToken.None, NotInService, entry.Name);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            try
            {
                return (await Change(goBack: true)).Reason;
            }
            catch (ChangeRefusedException e) when (e.Status is StatusLost)
            {
                // The worker was lost over it: perhaps of another crash at that moment.
            }
            catch (ChangeRefusedException)
            {
                break; // the version before cannot be served
            }
        }
        return (await Change(goBack: false)).Reason;
    }

    /// <summary>Brings a worker that was started just before a change to the desired epoch.</summary>
    internal Task<bool> CatchUpAsync(CancellationToken cancellation) => _queue.RunAsync(async () =>
    {
        await EnsureServedAsync();
        return true;
    }, cancellation);

    /// <summary>Runs something else between two changes: the worker is not shown an epoch while it is replaced.</summary>
    internal Task<T> InTurnAsync<T>(Func<Task<T>> run, CancellationToken cancellation) => _queue.RunAsync(run, cancellation);

    /// <summary>Ends when no change is under way; none is begun after it.</summary>
    internal Task CloseAsync() => _queue.CloseAsync();

    /// <summary>Told after each change that was made.</summary>
    internal Action? Changed { get; set; }

    /// <summary>Told of each attempt as it ended; gives the number under which it is kept, if it is.</summary>
    internal Func<ChangeRecord, long?>? Record { get; set; }

    /// <summary>The libraries that somebody may go back to, beside those of the kept epochs; null when that is not known now.</summary>
    internal Func<IReadOnlyList<string>?> Needed { get; set; } = () => [];

    /// <summary>Removes files that no kept epoch needs.</summary>
    internal void Tidy()
    {
        try
        {
            epochs.Prune(settings.Handlers.KeepEpochs);
            if (Needed() is { } needed)
            {
                artifacts.Sweep(epochs.History, needed);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning($"Old epochs or libraries cannot be removed: {Files.Reason(e)}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queue.Dispose();
        _uploads.Dispose();
    }

    private async Task<ChangeOutcome> ReceiveAndDeployAsync(Stream body, string fileName, DeploymentOptions options, Attempt attempt, CancellationToken cancellation)
    {
        await _uploads.WaitAsync(cancellation);
        try
        {
            using var library = await artifacts.ReceiveAsync(body, fileName, cancellation);
            var report = await scout.InspectAsync(library.Path, library.FileName, options.Limits.HeapBytes ?? settings.Handlers.HeapBytes, options.Config, cancellation);
            var handler = Handler(library, report.Manifest!, options);
            attempt.Handler = handler.Name;
            var outcome = await _queue.RunAsync(() => DeployAsync(library, handler with { Scout = PriceTag.Of(report) }, options), cancellation);
            return outcome with { Scout = report };
        }
        finally
        {
            _uploads.Release();
        }
    }

    private EpochHandler Handler(ArtifactUpload library, Manifest manifest, DeploymentOptions options) => Handler(library.Sha256, library.Checksum, manifest, options);

    private EpochHandler Handler(string sha256, string? checksum, Manifest manifest, DeploymentOptions options)
    {
        var name = options.Name ?? manifest.Name;
        return new EpochHandler
        {
            Name = name,
            Version = manifest.Version,
            Sha256 = sha256,
            Checksum = checksum,
            File = name + ".so",
            Host = options.Host,
            Prefix = options.Prefix,
            DrainMs = options.DrainMs ?? settings.Handlers.DrainMs,
            Limits = options.Limits,
            Config = options.Config,
            Services = options.Services,
            Isolation = options.IsolationFor(manifest),
            Manifest = manifest,
        };
    }

    private async Task<ChangeOutcome> DeployAsync(ArtifactUpload library, EpochHandler handler, DeploymentOptions options)
    {
        if (epochs.Current?.QuarantineOf(handler) is { } quarantine)
        {
            if (!options.Force)
            {
                throw new ChangeRefusedException(409, $"{quarantine.Reason} Deploy a version that does not, or this one again with --force (force=true).");
            }
        }
        else if (epochs.Current is { } current && current.Handlers.Any(known => EpochRules.SameDeployment(known, handler)))
        {
            return new ChangeOutcome(current, false, $"{handler.Name} {handler.Version} is deployed like this already");
        }
        CanaryHistory.RefuseWhileTried(epochs, handler.Name);
        var epoch = EpochHistory.Deploy(epochs, handler, clock.GetUtcNow());
        Validate(epoch);
        if (options.CanaryPercent is { } percent)
        {
            var now = clock.GetUtcNow();
            epoch = CanaryHistory.Begin(epochs, new EpochCanary { Handler = handler, Percent = percent, Since = now, PromoteAfterMs = options.PromoteAfterMs }, now);
            Validate(epoch);
        }
        var contract = Contract(handler, options.Force);
        if (options.DryRun)
        {
            return new ChangeOutcome(epochs.Current, false, $"{epoch.Reason} would be made") { Contract = contract };
        }
        try
        {
            Store(() => artifacts.Publish(library, handler.File));
            return await MakeAsync(epoch) with { Contract = contract };
        }
        finally
        {
            Tidy();
        }
    }

    // What is different for the callers of a handler. What would let them down needs to be meant.
    private IReadOnlyList<ContractChange> Contract(EpochHandler handler, bool force)
    {
        if (epochs.Current?.Handlers.FirstOrDefault(known => known.Name == handler.Name) is not { } before)
        {
            return [];
        }
        var changes = ContractDiff.Compare(before, handler, settings.Limits);
        return force || changes.All(change => !change.Breaking)
            ? changes
            : throw new ChangeRefusedException(409, $"{handler.Name} {handler.Version} breaks what {before.Name} {before.Version} promises, so nothing was changed; force=true (--force) deploys it all the same.",
                [.. changes.Where(change => change.Breaking).Select(change => change.ToString())]);
    }

    // `next` gives null when there is nothing to change, which `unchanged` says.
    private Task<ChangeOutcome> ChangeAsync(string action, Func<EpochConfig?> next, CancellationToken cancellation, string unchanged = "", string? handler = null) =>
        CountAsync(new Attempt(action) { Handler = handler }, () => _queue.RunAsync(async () =>
        {
            if (next() is not { } epoch)
            {
                return new ChangeOutcome(epochs.Current, false, unchanged);
            }
            Validate(epoch);
            var outcome = await MakeAsync(epoch);
            Tidy();
            return outcome;
        }, cancellation));

    private void Validate(EpochConfig epoch)
    {
        if (EpochValidator.Validate(epoch, epochs.Current) is { Count: > 0 } reasons)
        {
            throw new ChangeRefusedException(422, $"The change ({epoch.Reason}) is not valid; nothing was changed.", reasons);
        }
    }

    private async Task<ChangeOutcome> MakeAsync(EpochConfig epoch)
    {
        var (current, before) = (epochs.Current, epochs.Current is null ? null : epochs.CurrentPath);
        var candidate = "";
        Store(() => candidate = epochs.Prepare(epoch), onFailure: () => epochs.Abandon(epoch));
        // Their workers first: the shared one sends them requests as soon as it has the epoch.
        var outcome = await isolated.PrepareAsync(epoch, candidate) is { Count: > 0 } reasons ? new ApplyOutcome(ApplyResult.Refused, reasons) : await workers.ApplyAsync(candidate, epoch.Number);
        if (outcome.Result != ApplyResult.Accepted)
        {
            await isolated.SettleAsync(epochs.Current);
            Store(() => epochs.Abandon(epoch));
            throw outcome.Result == ApplyResult.Refused
                ? new ChangeRefusedException(422, $"The worker refused the change ({epoch.Reason}); nothing was changed.", outcome.Reasons)
                : new ChangeRefusedException(503, $"The change ({epoch.Reason}) was not made: the worker was lost over it and is started again as it was.", outcome.Reasons);
        }
        try
        {
            Store(() => epochs.Commit(epoch), onFailure: () => epochs.Abandon(epoch));
        }
        catch (ChangeRefusedException)
        {
            await TakeBackAsync(before);
            await isolated.SettleAsync(epochs.Current);
            throw;
        }
        log.Info($"Epoch {epoch.Number} is in force: {epoch.Reason}.");
        await EnsureServedAsync();
        await isolated.SettleAsync(epoch);
        return new ChangeOutcome(epoch, true, epoch.Reason) { Before = current };
    }

    // The worker serves an epoch that could not be made durable: back to the one before.
    private async Task TakeBackAsync(string? before)
    {
        if (before is null || (await workers.ApplyAsync(before, epochs.Current!.Number)).Result != ApplyResult.Accepted)
        {
            workers.Restart();
        }
    }

    // A worker that died around the commit was perhaps started again with the epoch before.
    private async Task EnsureServedAsync()
    {
        try
        {
            var worker = await workers.WaitInServiceAsync(TimeSpan.FromMilliseconds(settings.Worker.StartTimeoutMs));
            if (epochs.Current is { } current && worker.Epoch != current.Number
                && await workers.ApplyAsync(epochs.CurrentPath, current.Number) is { Result: not ApplyResult.Accepted } outcome)
            {
                log.Error($"Worker {worker.Id} does not take epoch {current.Number}: {string.Join(' ', outcome.Reasons)} It is started again.");
                workers.Restart();
            }
        }
        catch (TimeoutException)
        {
            log.Error("No worker is in service; the next one serves the desired epoch.");
        }
    }

    private static void Store(Action write, Action? onFailure = null)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            try
            {
                onFailure?.Invoke();
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                // A candidate that stays is removed at the next start.
            }
            throw ChangeRefusedException.NotWritable(e);
        }
    }

    private async Task<ChangeOutcome> CountAsync(Attempt attempt, Func<Task<ChangeOutcome>> change)
    {
        var (time, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        long? Keep(ChangeOutcome? outcome, ChangeRefusedException? refusal) => attempt.IsDryRun ? null : Record?.Invoke(new ChangeRecord
        {
            Action = attempt.Action,
            Author = ChangeAuthor.Name,
            Time = time,
            Elapsed = clock.GetElapsedTime(started),
            Handler = attempt.Handler,
            Outcome = outcome,
            Refusal = refusal,
            Before = outcome?.Before,
            Origins = attempt.Origins,
        });
        try
        {
            var outcome = await change();
            Counts.Made(attempt.Action);
            Changed?.Invoke();
            return outcome with { Deployment = Keep(outcome, null) };
        }
        catch (ChangeRefusedException e)
        {
            Counts.Refused(attempt.Action);
            log.Warning(e.Reasons.Count == 0 ? e.Message : $"{e.Message} {string.Join(' ', e.Reasons)}");
            Keep(null, e);
            throw;
        }
    }

    // What is known of a change before it ends.
    private sealed record Attempt(string Action)
    {
        internal string? Handler { get; set; }

        internal IReadOnlyList<LibraryOrigin> Origins { get; init; } = [];

        internal bool IsDryRun { get; init; }
    }
}
