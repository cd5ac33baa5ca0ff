using System.ComponentModel;
using EdgeGw.Configuration;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Supervision;

/// <summary>Keeps one worker running on the listening sockets. Between a worker's death and the next one's exec there is nothing that waits.</summary>
internal sealed class WorkerSupervisor(
    EdgeGwCommand command, StateDirectory state, GatewaySettings settings, ListenSockets sockets, EpochStore epochs, ControlLog log, TimeProvider clock) : IDisposable
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

    /// <summary>The worker in service, as soon as there is one. Throws <see cref="TimeoutException"/>.</summary>
    internal Task<WorkerInstance> WaitInServiceAsync(TimeSpan timeout, CancellationToken cancellation = default) =>
        Volatile.Read(ref _inService).Task.WaitAsync(timeout, clock, cancellation);

    /// <summary>Runs until <see cref="StopAsync"/>. Worker ids begin at <paramref name="firstId"/>.</summary>
    internal async Task RunAsync(int firstId)
    {
        _nextId = firstId;
        while (true)
        {
            if (Start(out var candidate) is not { } worker)
            {
                if (_stopping)
                {
                    Settle(candidate, Stopping());
                    return;
                }
                await PauseAsync(_backoff.Next(TimeSpan.Zero));
                continue;
            }
            var ready = await BecomesReadyAsync(worker, candidate);
            if (Enter(worker, candidate, ready))
            {
                _ = _liveness.FollowAsync(worker);
                log.Info($"Worker {worker.Id} (process {worker.ProcessId}) serves epoch {worker.Epoch}; it was ready after {worker.Age.TotalMilliseconds:0} ms.");
                if (candidate is null && worker.Epoch != (epochs.Current?.Number ?? 0))
                {
                    Behind?.Invoke();
                }
            }
            var exitCode = await worker.Exited;
            var pause = Leave(worker, exitCode, candidate);
            if (pause > TimeSpan.Zero)
            {
                await PauseAsync(pause);
            }
        }
    }

    /// <summary>Shows an epoch to the worker; with none in service, starts one with it. One call at a time (the change queue).</summary>
    internal async Task<ApplyOutcome> ApplyAsync(string path, long number)
    {
        while (true)
        {
            try
            {
                return await ShowAsync(await WaitInServiceAsync(_backoff.EarlyDeaths > 1 ? TimeSpan.Zero : s_restartGrace), path, number);
            }
            catch (TimeoutException)
            {
                if (await BootWithAsync(path, number) is { } outcome)
                {
                    return outcome;
                }
            }
        }
    }

    private async Task<ApplyOutcome> ShowAsync(WorkerInstance worker, string path, long number)
    {
        var timeout = TimeSpan.FromMilliseconds((long)settings.Worker.StartTimeoutMs + settings.Handlers.LoadTimeoutMs);
        var outcome = await worker.Client.PutEpochAsync(path, timeout);
        if (outcome.Result == ApplyResult.Accepted)
        {
            worker.Epoch = number;
        }
        else if (outcome.Result == ApplyResult.Lost && !worker.Exited.IsCompleted)
        {
            // Nobody knows what it serves now; the next one serves the desired epoch.
            worker.Kill();
        }
        return outcome;
    }

    /// <summary>Replaces the worker in service at once; the next one boots the desired epoch.</summary>
    internal void Restart() => InService?.Kill();

    /// <summary>Lets the worker finish what is under way, then ends it; <paramref name="hurry"/> ends it at once.</summary>
    internal async Task StopAsync(CancellationToken hurry)
    {
        WorkerInstance? worker;
        lock (_gate)
        {
            _stopping = true;
            _pause.Cancel();
            worker = InService ?? _starting;
        }
        sockets.Dispose(); // from here on new clients are refused, instead of waiting for somebody who never comes
        if (worker is null)
        {
            return;
        }
        var timeoutMs = settings.Worker.StopTimeoutMs;
        try
        {
            if (worker == InService && await worker.Client.StopAsync(timeoutMs))
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

    // Null when control is stopping, or when no process can be started now.
    private WorkerInstance? Start(out BootCandidate? candidate)
    {
        string failure;
        lock (_gate)
        {
            candidate = _candidate;
            if (_stopping)
            {
                return null;
            }
            try
            {
                _starting = WorkerInstance.Start(_nextId++, command, state, sockets, candidate?.Path ?? epochs.CurrentPath, candidate is not null, clock);
                Interlocked.Increment(ref _restarts);
                return _starting;
            }
            catch (Exception e) when (e is Win32Exception or IOException)
            {
                failure = $"The worker cannot be started: {e.Message.TrimEnd('.')}.";
            }
        }
        log.Error(failure);
        Settle(candidate, new ApplyOutcome(ApplyResult.Lost, failure));
        return null;
    }

    private async Task<bool> BecomesReadyAsync(WorkerInstance worker, BootCandidate? candidate)
    {
        try
        {
            await Task.WhenAny(worker.Ready, worker.Exited).WaitAsync(TimeSpan.FromMilliseconds(settings.Worker.StartTimeoutMs), clock);
            if (candidate is not null)
            {
                // One that refuses says why and ends: its end may be seen before its words.
                await Task.WhenAny(worker.Ready, Task.Delay(s_lastWords, clock));
            }
            return worker.Ready.IsCompletedSuccessfully && worker.Ready.Result;
        }
        catch (TimeoutException)
        {
            log.Error($"Worker {worker.Id} was not ready within {settings.Worker.StartTimeoutMs} ms (Worker.StartTimeoutMs) and was killed.");
            return false;
        }
    }

    private bool Enter(WorkerInstance worker, BootCandidate? candidate, bool ready)
    {
        if (Refusals(worker, candidate, ready) is { Count: > 0 } reasons)
        {
            ready = false;
            Settle(candidate, new ApplyOutcome(ApplyResult.Refused, reasons));
        }
        if (ready)
        {
            Record(worker); // before anybody is told that it serves
        }
        lock (_gate)
        {
            _starting = null;
            if (!ready || _stopping) // a stop asks who is in service, so it must not slip between
            {
                worker.Kill();
                return false;
            }
            _inService.TrySetResult(worker);
            if (_candidate is { } waiting && waiting != candidate)
            {
                // It came while this one was starting: no boot is needed, it is shown to this one.
                _candidate = null;
                waiting.Outcome.TrySetResult(null);
            }
        }
        Settle(candidate, new ApplyOutcome(ApplyResult.Accepted));
        return true;
    }

    private static IReadOnlyList<string> Refusals(WorkerInstance worker, BootCandidate? candidate, bool ready) =>
        ready && candidate is not null && worker.Epoch != candidate.Number
            ? [$"Worker {worker.Id} serves epoch {worker.Epoch}, though it was started with epoch {candidate.Number}."]
            : worker.Refusals;

    private void Record(WorkerInstance worker)
    {
        try
        {
            new WorkerRecord { Id = worker.Id, Pid = worker.ProcessId, Listen = [.. sockets.Sockets.Select(s => s.Url)] }.Write(state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It serves all the same; only the next control would have to stop it before it can listen.
            log.Warning($"'{state.WorkerFile}' cannot be written: {Files.Reason(e)}.");
        }
    }

    private TimeSpan Leave(WorkerInstance worker, int exitCode, BootCandidate? candidate)
    {
        TimeSpan pause;
        bool expected;
        lock (_gate)
        {
            expected = _stopping;
            if (InService == worker)
            {
                Volatile.Write(ref _inService, NewSource<WorkerInstance>());
            }
            pause = _candidate is not null && _candidate != candidate ? TimeSpan.Zero : _backoff.Next(worker.Age);
            RenewPause();
        }
        if (!expected)
        {
            log.Error($"Worker {worker.Id} (process {worker.ProcessId}) ended after {worker.Age.TotalMilliseconds:0} ms with {WorkerInstance.Ending(exitCode)}; "
                + (pause > TimeSpan.Zero ? $"another is started in {pause.TotalMilliseconds:0} ms." : "another is started."));
        }
        Settle(candidate, new ApplyOutcome(ApplyResult.Lost, $"The worker ended with {WorkerInstance.Ending(exitCode)} when it was started with the new epoch."));
        worker.Dispose();
        return pause;
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        CancellationToken wake;
        lock (_gate)
        {
            wake = _pause.Token;
        }
        try
        {
            await Task.Delay(pause, clock, wake);
        }
        catch (OperationCanceledException)
        {
            // a candidate, or the end
            lock (_gate)
            {
                RenewPause();
            }
        }
    }

    // Under the lock. Who was woken once shall pause again the next time; the end wakes for good.
    private void RenewPause()
    {
        if (_pause.IsCancellationRequested && !_stopping)
        {
            _pause.Dispose();
            _pause = new CancellationTokenSource();
        }
    }

    // The way out when no worker survives the desired epoch: the next start takes the candidate instead. Null when a worker came into service before that.
    private async Task<ApplyOutcome?> BootWithAsync(string path, long number)
    {
        var candidate = new BootCandidate(path, number, NewSource<ApplyOutcome?>());
        lock (_gate)
        {
            if (_stopping)
            {
                return Stopping();
            }
            if (InService is not null)
            {
                return null;
            }
            // A worker that is starting keeps its Worker.StartTimeoutMs: it comes into service, or it ends and the candidate's turn comes.
            _candidate = candidate;
            _pause.Cancel();
        }
        return await candidate.Outcome.Task;
    }

    private void Settle(BootCandidate? candidate, ApplyOutcome outcome)
    {
        lock (_gate)
        {
            if (candidate is null)
            {
                return;
            }
            if (_candidate == candidate)
            {
                _candidate = null;
            }
        }
        candidate.Outcome.TrySetResult(outcome);
    }

    private static ApplyOutcome Stopping() => new(ApplyResult.Lost, "The gateway is stopping.");

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record BootCandidate(string Path, long Number, TaskCompletionSource<ApplyOutcome?> Outcome);
}
