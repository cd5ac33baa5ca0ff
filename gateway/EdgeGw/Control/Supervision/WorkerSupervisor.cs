using EdgeGw.Configuration;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Worker;

namespace EdgeGw.Control.Supervision;

/// <summary>Keeps one worker running on the listening sockets. Between a worker's death and the next one's exec there is nothing that waits.</summary>
internal sealed partial class WorkerSupervisor(
    EdgeGwCommand command, StateDirectory state, GatewaySettings settings, ListenSockets sockets, EpochStore epochs, CrashWatch crashes, ControlLog log,
    TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_restartGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LivenessWatch _liveness = new(settings.Worker.LivenessTimeoutMs, log, clock);
    private readonly RestartBackoff _backoff = new(TimeSpan.FromMilliseconds(settings.Worker.RestartBackoffMs));
    private TaskCompletionSource<WorkerInstance> _inService = NewSource<WorkerInstance>();
    private CancellationTokenSource _pause = new();
    private WorkerInstance? _starting;
    private BootCandidate? _candidate;
    private bool _stopping;
    private int _nextId;
    private long _restarts = -1;

    /// <summary>The worker that serves; null while there is none.</summary>
    internal WorkerInstance? InService => Volatile.Read(ref _inService).Task is { IsCompletedSuccessfully: true } ready ? ready.Result : null;

    /// <summary>Workers started after the first.</summary>
    internal long Restarts => Math.Max(0, Interlocked.Read(ref _restarts));

    /// <summary>Workers killed because they had stopped without ending.</summary>
    internal long Frozen => _liveness.Frozen;

    /// <summary>Called when a worker serves another epoch than the desired one: it was started just before a change.</summary>
    internal Action? Behind { get; set; }

    /// <summary>A number that no other worker has.</summary>
    internal int TakeId()
    {
        lock (_gate)
        {
            return _nextId++;
        }
    }

    /// <summary>The secrets that the services of an epoch's file name; a worker is told them.</summary>
    internal Func<string, IReadOnlyDictionary<string, string>> Secrets { get; set; } = static _ => new Dictionary<string, string>();

    /// <summary>The worker in service, as soon as there is one. Throws <see cref="TimeoutException"/>.</summary>
    internal Task<WorkerInstance> WaitInServiceAsync(TimeSpan timeout, CancellationToken cancellation = default) =>
        Volatile.Read(ref _inService).Task.WaitAsync(timeout, clock, cancellation);

    /// <summary>Runs until <see cref="StopAsync"/>, from what was taken over on.</summary>
    internal async Task RunAsync(Takeover takeover)
    {
        TakeOver(takeover);
        while (true)
        {
            BootCandidate? candidate = null;
            var worker = InService; // a successor came just when the one before it had died
            if (worker is null && (worker = Start(out candidate)) is null)
            {
                if (_stopping)
                {
                    Settle(candidate, Stopping());
                    await WhenDrainedAsync();
                    return;
                }
                await PauseAsync(_backoff.Next(TimeSpan.Zero));
                continue;
            }
            var serves = worker == InService;
            var ready = serves || await BecomesReadyAsync(worker, mayRefuse: candidate is not null);
            if (!serves && Enter(worker, candidate, ready))
            {
                _ = _liveness.FollowAsync(worker);
                log.Info($"Worker {worker.Id} (process {worker.ProcessId}) serves epoch {worker.Epoch}; it was ready after {worker.Age.TotalMilliseconds:0} ms.");
                if (candidate is null && worker.Epoch != (epochs.Current?.Number ?? 0))
                {
                    Behind?.Invoke();
                }
            }
            var last = await FollowAsync(worker);
            var pause = Leave(last, await last.Exited, last == worker ? candidate : null, atBoot: last == worker && !ready);
            if (pause > TimeSpan.Zero)
            {
                await PauseAsync(pause);
            }
        }
    }

    /// <summary>Replaces the worker in service at once; the next one boots the desired epoch.</summary>
    internal void Restart() => InService?.Kill();

    /// <summary>Lets the worker finish what is under way, then ends it; <paramref name="hurry"/> ends it at once.</summary>
    internal async Task StopAsync(CancellationToken hurry)
    {
        WorkerInstance? starting;
        List<WorkerInstance> serving;
        lock (_gate)
        {
            _stopping = true;
            _pause.Cancel();
            starting = _starting ?? _next; // one at a time: a worker is started beside another only while none is missing
            serving = [.. _draining, .. _left];
            if (InService is { } worker)
            {
                serving.Add(worker);
            }
        }
        sockets.Dispose(); // from here on new clients are refused, instead of waiting for somebody who never comes
        starting?.Kill();
        await Task.WhenAll([.. serving.Select(worker => StopOneAsync(worker, hurry)), starting?.Exited ?? Task.CompletedTask]);
    }

    /// <summary>Lets one finish what is under way, then ends it; <paramref name="hurry"/> ends it at once.</summary>
    internal async Task StopOneAsync(WorkerInstance worker, CancellationToken hurry)
    {
        var timeoutMs = settings.Worker.StopTimeoutMs;
        try
        {
            if (await worker.Client.StopAsync(new StopOrder(timeoutMs)))
            {
                await worker.Exited.WaitAsync(TimeSpan.FromMilliseconds(timeoutMs + 2_000L), clock, hurry);
                return;
            }
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            log.Warning($"Worker {worker.Id} did not end within {timeoutMs} ms (Worker.StopTimeoutMs) and was killed.");
        }
        worker.Kill();
        await worker.Exited;
    }

    /// <inheritdoc/>
    public void Dispose() => _pause.Dispose();

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
