using EdgeGw.Configuration;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Isolation.Groups;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Isolation;

/// <summary>The workers that serve one deployment each: those of handlers with <c>isolation: process</c>, and canaries. The desired epoch says which there are; a change starts what it needs before the
/// shared worker is shown the epoch, and ends what it does not need after that.</summary>
internal sealed class IsolatedWorkers(
    EdgeGwCommand command, StateDirectory state, GatewaySettings settings, EpochStore epochs, WorkerSupervisor workers, CrashWatch crashes, string gatewayUrl, ControlLog log, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly LivenessWatch _liveness = new(settings.Worker.LivenessTimeoutMs, log, clock);
    private readonly Dictionary<string, IsolatedWorker> _all = [];
    private readonly List<IsolatedWorker> _leaving = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EpochConfig? _shown;

    /// <summary>All of them, by handler.</summary>
    internal IReadOnlyList<IsolatedWorker> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all.Values.OrderBy(worker => worker.Handler.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Where the gateway listens, for URLs that handlers make.</summary>
    internal string GatewayUrl { get; } = gatewayUrl;

    /// <summary>The secrets that services name; a worker is told those of its own.</summary>
    internal Func<IReadOnlyList<EpochService>, IReadOnlyDictionary<string, string>> Secrets { get; set; } = static _ => new Dictionary<string, string>();

    /// <summary>Where their processes belong; null where there are no control groups.</summary>
    internal ControlGroups? Groups { get; init; }

    /// <summary>Told when a worker came into service.</summary>
    internal Action<WorkerInstance>? Entered { get; set; }

    /// <summary>Told of a canary's death, with a sentence.</summary>
    internal Action<EpochCanary, string>? CanaryDied { get; set; }

    /// <summary>Ends when the next worker comes into service.</summary>
    internal Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>A number that no other worker has.</summary>
    internal int TakeId() => workers.TakeId();

    /// <summary>Starts what the desired epoch needs. Workers that the control before has <paramref name="left"/> go on until these serve.</summary>
    internal async Task BeginAsync(IReadOnlyList<WorkerInstance> left, CancellationToken stop)
    {
        var starts = new List<Task>();
        lock (_gate)
        {
            _shown = epochs.Current;
            foreach (var (key, handler) in IsolatedEpoch.HandlersOf(_shown))
            {
                starts.Add(Add(key, handler).StartAsync(_shown!, epochs.CurrentPath, strict: false));
            }
        }
        _begun.SetResult();
        RemoveLinks(left);
        // Bounded: one that does not come into service shall not keep the old ones for ever.
        await Task.WhenAny(Task.WhenAll(starts), Task.Delay(TimeSpan.FromMilliseconds(settings.Worker.StartTimeoutMs), clock, stop));
        if (stop.IsCancellationRequested)
        {
            await Task.WhenAll(left.Select(worker => workers.StopOneAsync(worker, CancellationToken.None)));
            return;
        }
        foreach (var worker in left)
        {
            workers.Drain(worker, WorkerSupervisor.DrainOrder(settings));
        }
    }

    /// <summary>Starts what an epoch needs and is not there. Why it cannot; none when all of it serves.</summary>
    internal async Task<IReadOnlyList<string>> PrepareAsync(EpochConfig epoch, string path)
    {
        await _begun.Task; // the numbers of workers are known from then on
        var starts = new List<(IsolatedWorker Worker, Task<IReadOnlyList<string>> Start)>();
        lock (_gate)
        {
            foreach (var (key, handler) in IsolatedEpoch.HandlersOf(epoch))
            {
                if (!_all.ContainsKey(key))
                {
                    var worker = Add(key, handler);
                    starts.Add((worker, worker.StartAsync(epoch, path, strict: true)));
                }
            }
        }
        var reasons = new List<string>();
        foreach (var (worker, start) in starts)
        {
            reasons.AddRange((await start).Select(reason => $"{worker}: {reason}"));
        }
        return reasons;
    }

    /// <summary>An epoch is desired, or desired again since another one was not made: ends what it does not need, and shows it to those whose services it changes.</summary>
    internal async Task SettleAsync(EpochConfig? epoch)
    {
        List<IsolatedWorker> ended = [], kept = [];
        lock (_gate)
        {
            var wanted = IsolatedEpoch.HandlersOf(epoch);
            foreach (var worker in _all.Values.ToList())
            {
                (wanted.ContainsKey(worker.Key) ? kept : ended).Add(worker);
            }
            ended.ForEach(worker => _all.Remove(worker.Key));
            _leaving.AddRange(ended);
        }
        ended.ForEach(worker => _ = EndAsync(worker));
        var before = _shown;
        _shown = epoch;
        if (before is not null && epoch is not null && !SameServices(before, epoch))
        {
            await Task.WhenAll(kept.Select(worker => worker.ShowAsync(epoch, epochs.CurrentPath)));
        }
    }

    /// <summary>Puts fresh workers in the place of all, for new settings. One that does not come into service leaves the one before.</summary>
    internal async Task ReplaceAllAsync()
    {
        foreach (var worker in All)
        {
            if (await worker.ReplaceAsync() is { } failure)
            {
                log.Error($"The worker of {worker} was not replaced and goes on with the settings before: {failure}");
            }
        }
    }

    /// <summary>Lets go of all of them, for the program that comes after this one in the same process.</summary>
    internal IReadOnlyList<WorkerInstance> Leave() => [.. TakeAll().Select(worker => worker.Forget()).OfType<WorkerInstance>()];

    /// <summary>Ends all of them, after the shared worker, whose requests they answer.</summary>
    internal async Task StopAsync(CancellationToken hurry)
    {
        var all = TakeAll();
        await Task.WhenAll(all.Select(worker => worker.Forget()).OfType<WorkerInstance>().Select(async worker =>
        {
            await workers.StopOneAsync(worker, hurry);
            worker.Dispose();
        }));
        await Task.WhenAll(all.Select(worker => worker.Ended));
        await (Groups?.SettledAsync() ?? Task.CompletedTask);
        foreach (var worker in all)
        {
            File.Delete(DeploymentKey.SocketOf(state.Root, worker.Key));
        }
    }

    /// <summary>Lets a worker that was replaced finish its requests, within its handler's time.</summary>
    internal void Drain(WorkerInstance worker, EpochHandler handler) =>
        workers.Drain(worker, WorkerSupervisor.DrainOrder(settings) with { TimeoutMs = handler.DrainMs, StreamMs = Math.Max(settings.Handlers.StreamDrainMs, handler.DrainMs) });

    /// <summary>One has come into service.</summary>
    internal void Follow(IsolatedWorker isolated, WorkerInstance worker)
    {
        _ = _liveness.FollowAsync(worker);
        Entered?.Invoke(worker);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>The canary that a worker serves; null when it serves something else.</summary>
    internal EpochCanary? CanaryOf(WorkerInstance worker) => All.FirstOrDefault(isolated => isolated.Serving == worker) is { } isolated ? CanaryOf(isolated) : null;

    /// <summary>One has died that was not meant to.</summary>
    internal void Died(IsolatedWorker isolated, WorkerInstance worker, int exitCode, bool atBoot)
    {
        if (CanaryOf(isolated) is { } canary)
        {
            var report = crashes.Note(worker, exitCode);
            CanaryDied?.Invoke(canary, $"its worker died ({report.Cause.TrimEnd('.')}; crash {report.Id})");
        }
        else if (worker.Refusals.Count == 0 && !worker.WasEnded(exitCode))
        {
            // One that is only being tried has not been deployed: the same library may be in service with other settings.
            _ = IsolatedEpoch.HandlersOf(epochs.Current).ContainsKey(isolated.Key) ? crashes.Died(worker, exitCode, atBoot) : crashes.Note(worker, exitCode) is null;
        }
    }

    private EpochCanary? CanaryOf(IsolatedWorker isolated) => epochs.Current?.Canaries.FirstOrDefault(canary => DeploymentKey.Of(canary.Handler) == isolated.Key);

    private IsolatedWorker Add(string key, EpochHandler handler) =>
        _all[key] = new IsolatedWorker(key, handler, this, command, state, settings, epochs, log, clock);

    // A shared worker that was replaced still has the epoch before, and its connections may ask once more: it must find who answers.
    private async Task EndAsync(IsolatedWorker worker)
    {
        await workers.WhenNoReplacedOneAsksAsync();
        lock (_gate)
        {
            if (!_leaving.Remove(worker))
            {
                return; // the gateway stops, or another program goes on with it
            }
            if (!_all.ContainsKey(worker.Key))
            {
                File.Delete(DeploymentKey.SocketOf(state.Root, worker.Key));
            }
        }
        worker.End();
    }

    private IsolatedWorker[] TakeAll()
    {
        lock (_gate)
        {
            IsolatedWorker[] all = [.. _all.Values, .. _leaving];
            _leaving.Clear();
            return all;
        }
    }

    // Those of an earlier control lead nowhere, unless its workers still live.
    private void RemoveLinks(IReadOnlyList<WorkerInstance> left)
    {
        if (left.Count == 0)
        {
            var known = All.Select(worker => DeploymentKey.SocketOf(state.Root, worker.Key)).ToHashSet();
            foreach (var path in Directory.GetFiles(state.Run, "*.iso").Where(path => !known.Contains(path)))
            {
                File.Delete(path);
            }
        }
    }

    private static bool SameServices(EpochConfig a, EpochConfig b) =>
        a.Services.Count == b.Services.Count && a.Services.All(service => b.Services.Any(other => EpochRules.SameService(service, other)));
}
