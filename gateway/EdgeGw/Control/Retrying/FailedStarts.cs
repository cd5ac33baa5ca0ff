using EdgeGw.Configuration;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Scouting;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Retrying;

/// <summary>Tries handlers again that could not be started when their worker was: what they miss may be there by now. In the scout first, whose process takes what a failed start leaves behind with
/// it; the worker, which keeps every library that it ever loaded, is asked only when it did well there.</summary>
internal sealed class FailedStarts(
    WorkerSupervisor workers, IsolatedWorkers isolated, EpochChanges changes, EpochStore epochs, ArtifactStore artifacts, Scout scout, GatewaySettings settings, ControlLog log, TimeProvider clock)
{
    // What was said last of each handler: a reason is logged once.
    private readonly Dictionary<string, string> _said = [];

    /// <summary>Watches until <paramref name="stop"/>.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(settings.Handlers.RetryMs), clock, stop);
                await LookAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the gateway stops
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        if (epochs.Current is not { } epoch)
        {
            return;
        }
        var wanted = epoch.Handlers.Where(handler => epoch.QuarantineOf(handler) is null).GroupBy(WorkerOf).ToList();
        var failed = new HashSet<string>();
        foreach (var group in wanted)
        {
            if (group.Key is not { } worker || await worker.Client.StatusAsync(stop) is not { Ready: false } status)
            {
                continue;
            }
            foreach (var handler in status.FailedOf(group))
            {
                failed.Add(handler.Name);
                var why = await TryAsync(worker, handler, stop);
                if (why is null)
                {
                    log.Info($"{handler.Name} {handler.Version} could be started now and serves.");
                }
                else if (_said.GetValueOrDefault(handler.Name) != why)
                {
                    _said[handler.Name] = why;
                    log.Warning($"{handler.Name} {handler.Version} still cannot be started; it is tried every {settings.Handlers.RetryMs} ms (Handlers:RetryMs): {why}");
                }
            }
        }
        foreach (var name in _said.Keys.Where(name => !failed.Contains(name)).ToList())
        {
            _said.Remove(name);
        }
    }

    // Null when it serves now.
    private async Task<string?> TryAsync(WorkerInstance worker, EpochHandler handler, CancellationToken stop)
    {
        if (await scout.RefusalAsync(artifacts.PathOf(handler.Sha256, handler.File), handler, stop) is { } refusal)
        {
            return refusal;
        }
        return await changes.InTurnAsync(async () =>
        {
            // Meanwhile something else may have been deployed, or the worker been replaced.
            if (epochs.Current is not { } epoch || !epoch.Handlers.Contains(handler) || epoch.QuarantineOf(handler) is not null || WorkerOf(handler) != worker || worker.Epoch != epoch.Number)
            {
                return "something else was changed meanwhile.";
            }
            var patience = TimeSpan.FromMilliseconds((long)settings.Worker.StartTimeoutMs + settings.Handlers.LoadTimeoutMs);
            var outcome = await worker.Client.PutEpochAsync(epochs.CurrentPath, patience, [handler.Name]);
            return outcome.Result == ApplyResult.Accepted ? null : string.Join(' ', outcome.Reasons);
        }, stop);
    }

    private WorkerInstance? WorkerOf(EpochHandler handler) =>
        handler.Isolation is null ? workers.InService : isolated.All.FirstOrDefault(worker => worker.Key == DeploymentKey.Of(handler))?.Serving;
}
