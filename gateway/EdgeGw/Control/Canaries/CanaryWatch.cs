using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Stuck;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Canaries;

/// <summary>Looks at every canary once a second, and at once when its worker dies: aborts one that is worse than its bounds, promotes one whose time has come.</summary>
internal sealed class CanaryWatch : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CanaryTrack> _tracks = [];
    private readonly SemaphoreSlim _due = new(0, 1);
    private readonly WorkerSupervisor _workers;
    private readonly EpochChanges _changes;
    private readonly EpochStore _epochs;
    private readonly CanarySettings _bounds;
    private readonly ControlLog _log;
    private readonly TimeProvider _clock;
    private readonly long _started;

    /// <summary>Sets it up; deaths and lost calls are heard of from here on.</summary>
    internal CanaryWatch(WorkerSupervisor workers, IsolatedWorkers isolated, StuckWatch stuck, EpochChanges changes, EpochStore epochs, CanarySettings bounds, ControlLog log, TimeProvider clock)
    {
        (_workers, _changes, _epochs, _bounds, _log, _clock) = (workers, changes, epochs, bounds, log, clock);
        _started = clock.GetTimestamp();
        isolated.CanaryDied = Died;
        // A call that never comes back is as bad as a death, and the worker goes with its canary.
        stuck.CanaryStuck = Died;
    }

    private TimeSpan Now => _clock.GetElapsedTime(_started);

    /// <summary>Watches until <paramref name="stop"/>.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stop);
                await _due.WaitAsync(s_period, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>The canaries as they stand.</summary>
    internal CanariesDocument Describe()
    {
        var epoch = _epochs.Current;
        lock (_gate)
        {
            return new CanariesDocument(
                [.. (epoch?.Canaries ?? []).Select(canary => Describe(epoch!, TrackOf(canary)))],
                [.. _epochs.History.Where(past => past.Action is "promote" or "abort").TakeLast(10).Reverse().Select(past => new CanaryEnd(past.Created, past.Action, past.Reason))]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _due.Dispose();

    private async Task LookAsync(CancellationToken stop)
    {
        IReadOnlyList<EpochCanary> canaries = _epochs.Current?.Canaries ?? [];
        if (canaries.Count == 0)
        {
            lock (_gate)
            {
                _tracks.Clear();
            }
            return;
        }
        if (_workers.InService is { } worker && await worker.Client.CanariesAsync(stop) is { } counts)
        {
            lock (_gate)
            {
                foreach (var canary in canaries)
                {
                    var key = DeploymentKey.Of(canary.Handler);
                    if (counts.FirstOrDefault(one => one.Key == key) is { } own)
                    {
                        TrackOf(canary).Take(worker.Id, own, Now);
                    }
                }
            }
        }
        foreach (var canary in canaries)
        {
            await DecideOrPauseAsync(canary, stop);
        }
    }

    // One that cannot be ended is not in the way of the others.
    private async Task DecideOrPauseAsync(EpochCanary canary, CancellationToken stop)
    {
        lock (_gate)
        {
            if (TrackOf(canary).PausedUntil > Now)
            {
                return;
            }
        }
        try
        {
            await DecideAsync(canary, stop);
        }
        catch (ChangeRefusedException e)
        {
            _log.Warning($"The canary {canary.Handler.Name} {canary.Handler.Version} could not be ended: {string.Join(' ', e.Reasons.Prepend(e.Message))}");
            lock (_gate)
            {
                TrackOf(canary).Pause(Now);
            }
        }
    }

    private async Task DecideAsync(EpochCanary canary, CancellationToken stop)
    {
        string? fault;
        bool isProven;
        lock (_gate)
        {
            var track = TrackOf(canary);
            var (live, own) = track.Judged(Now);
            fault = CanaryRule.Fault(live, own, track.Deaths, _bounds);
            fault = fault is not null && track.Deaths > _bounds.MaxDeaths ? track.LastDeath : fault;
            isProven = track.IsProven;
        }
        if (fault is not null)
        {
            _log.Error($"The canary {canary.Handler.Name} {canary.Handler.Version} is aborted: {fault}.");
            await _changes.AbortAsync(canary.Handler.Name, fault, canary, stop);
        }
        else if (canary.PromoteAfterMs is { } after && isProven && _clock.GetUtcNow() - canary.Since >= TimeSpan.FromMilliseconds(after))
        {
            await PromoteAsync(canary, string.Create(CultureInfo.InvariantCulture, $"nothing spoke against it for {TimeSpan.FromMilliseconds(after).TotalSeconds:0} s"), stop);
        }
    }

    private async Task PromoteAsync(EpochCanary canary, string why, CancellationToken stop)
    {
        try
        {
            await _changes.PromoteAsync(canary.Handler.Name, why, canary, stop);
        }
        catch (ChangeRefusedException e) when (e.Status is >= 400 and < 500)
        {
            // It does not start where it should serve: another try would load it there once more, and fail once more.
            var reason = $"it could not be promoted: {(e.Reasons.Count > 0 ? string.Join(' ', e.Reasons) : e.Message)}";
            _log.Error($"The canary {canary.Handler.Name} {canary.Handler.Version} is aborted: {reason}");
            await _changes.AbortAsync(canary.Handler.Name, reason, canary, stop);
        }
    }

    private void Died(EpochCanary canary, string how)
    {
        lock (_gate)
        {
            var track = TrackOf(canary);
            track.Deaths++;
            track.LastDeath = track.Deaths == 1 ? how : string.Create(CultureInfo.InvariantCulture, $"{how}, its death number {track.Deaths}");
        }
        try
        {
            _due.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // it looks anyway, or never again
        }
    }

    private CanaryTrack TrackOf(EpochCanary canary)
    {
        var key = canary.Handler.Name;
        return _tracks.TryGetValue(key, out var track) && track.Canary.Since == canary.Since ? track : _tracks[key] = new CanaryTrack(canary, _bounds);
    }

    private CanaryDocument Describe(EpochConfig epoch, CanaryTrack track)
    {
        var canary = track.Canary;
        var (live, own) = track.Judged(Now);
        return new CanaryDocument(
            canary.Handler.Name, epoch.Handlers.FirstOrDefault(handler => handler.Name == canary.Handler.Name)?.Version ?? "", canary.Handler.Version, canary.Handler.Sha256, canary.Percent, canary.Since,
            canary.PromoteAfterMs, track.Deaths, Side(live), Side(own), CanaryRule.Fault(live, own, track.Deaths, _bounds));

        static CanarySide Side(CanaryFigures figures) => new(figures.Requests, figures.Errors, figures.Quantile(0.5), figures.Quantile(0.99));
    }
}
