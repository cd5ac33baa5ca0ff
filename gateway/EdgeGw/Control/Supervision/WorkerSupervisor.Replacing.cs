using System.ComponentModel;
using EdgeGw.Epochs;
using EdgeGw.Worker;

namespace EdgeGw.Control.Supervision;

/// <content>Hand-over: a second worker on the same sockets takes the place of the one in service, which finishes what it has and ends.</content>
internal sealed partial class WorkerSupervisor
{
    private static readonly TimeSpan s_stopSlack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_askAgain = TimeSpan.FromMilliseconds(100);

    private readonly List<WorkerInstance> _draining = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<WorkerInstance?>? _successor;
    private WorkerInstance? _next;
    private List<Task> _drains = [];
    private List<WorkerInstance> _left = [];

    /// <summary>Workers that were replaced and still finish, oldest first.</summary>
    internal IReadOnlyList<WorkerInstance> Draining
    {
        get
        {
            lock (_gate)
            {
                return [.. _draining];
            }
        }
    }

    /// <summary>Ends when another worker comes into service than the one that is now.</summary>
    internal Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Puts a new worker, a process of <paramref name="program"/>, in the place of the one in service, which serves until the new one is ready. One call at a time, and none while an
    /// epoch is shown (the change queue). Null when it is done; else why not, and nothing has changed.</summary>
    internal async Task<string?> ReplaceAsync(EdgeGwCommand program)
    {
        // What the worker in service cannot start either is no reason to keep it.
        var status = InService is { } serving ? await serving.Client.StatusAsync(CancellationToken.None) : null;
        var (next, refusal) = StartSuccessor(program, status?.FailedOf(epochs.Current?.Handlers ?? []) ?? []);
        if (next is null)
        {
            return refusal;
        }
        var ready = await BecomesReadyAsync(next, mayRefuse: true);
        var old = ready ? EnterAsSuccessor(next) : null;
        var hasEntered = InService == next;
        TakeSuccessor().SetResult(hasEntered ? next : null);
        if (!hasEntered)
        {
            return await FailedAsync(next);
        }
        _ = _liveness.FollowAsync(next);
        log.Info($"Worker {next.Id} (process {next.ProcessId}) serves epoch {next.Epoch}; it was ready after {next.Age.TotalMilliseconds:0} ms."
            + (old is null ? "" : $" Worker {old.Id} (process {old.ProcessId}) finishes what it has."));
        if (old is not null)
        {
            // From then on new connections are the new worker's alone: what is deployed next is what they see.
            await Task.WhenAny(BeginDrain(old), Task.Delay(s_stopSlack, clock));
        }
        return null;
    }

    /// <summary>Ends when no worker that was replaced takes another request: they have ended, or the time is over in which they answer what their connections still ask.</summary>
    internal Task WhenNoReplacedOneAsksAsync()
    {
        var shared = Draining.Where(worker => !worker.IsIsolated).ToList();
        return shared.Count == 0 ? Task.CompletedTask
            : Task.WhenAny(Task.WhenAll(shared.Select(worker => worker.Exited)), Task.Delay(TimeSpan.FromMilliseconds(settings.Worker.IdleDrainMs) + s_stopSlack, clock));
    }

    /// <summary>What a replaced worker is told.</summary>
    internal static StopOrder DrainOrder(Configuration.GatewaySettings settings) =>
        new(settings.Worker.DrainMs, settings.Worker.IdleDrainMs, Math.Max(settings.Handlers.StreamDrainMs, settings.Worker.DrainMs));

    /// <summary>Lets a worker that serves no more finish what it has, as those that were replaced here.</summary>
    internal void Drain(WorkerInstance worker, StopOrder order)
    {
        lock (_gate)
        {
            _draining.Add(worker);
        }
        BeginDrain(worker, order);
    }

    private (WorkerInstance? Worker, string Refusal) StartSuccessor(EdgeGwCommand program, IReadOnlyList<EpochHandler> excused)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return (null, "The gateway is stopping.");
            }
            if (InService is not { Exited.IsCompleted: false })
            {
                return (null, "No worker is in service; the next one that comes into service is a new one anyway.");
            }
            if (_draining.Count(worker => !worker.IsIsolated) is var draining && draining >= settings.Worker.MaxDraining)
            {
                return (null, $"{draining} replaced workers still finish their requests (Worker:MaxDraining); try again when one of them has ended.");
            }
            try
            {
                _next = WorkerInstance.Start(_nextId++, program, state, settings, sockets, epochs.CurrentPath, strict: true, crashes.LeftOut, Secrets(epochs.CurrentPath), clock, excused);
                _successor = NewSource<WorkerInstance?>();
                return (_next, "");
            }
            catch (Exception e) when (e is Win32Exception or IOException)
            {
                return (null, $"The new worker cannot be started: {e.Message.TrimEnd('.')}.");
            }
        }
    }

    // Gives the worker that was in service, if it was still there.
    private WorkerInstance? EnterAsSuccessor(WorkerInstance next)
    {
        if (next.Epoch != (epochs.Current?.Number ?? 0))
        {
            return null;
        }
        Record(next); // before anybody is told that it serves
        lock (_gate)
        {
            if (_stopping)
            {
                return null;
            }
            var old = InService;
            var serves = NewSource<WorkerInstance>();
            serves.SetResult(next);
            Interlocked.Exchange(ref _inService, serves).TrySetResult(next);
            Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            if (old is not null)
            {
                _draining.Add(old);
            }
            return old;
        }
    }

    private TaskCompletionSource<WorkerInstance?> TakeSuccessor()
    {
        lock (_gate)
        {
            var successor = _successor!;
            (_successor, _next) = (null, null);
            return successor;
        }
    }

    private async Task<string> FailedAsync(WorkerInstance next)
    {
        var isLate = !next.Ready.IsCompleted;
        next.Kill();
        var exitCode = await next.Exited;
        var why = next.Refusals.Count > 0 ? string.Join(' ', next.Refusals)
            : next.Ready is { IsCompletedSuccessfully: true, Result: true } ? "the gateway is stopping, or the worker serves another epoch than the desired one."
            : isLate ? $"it was not ready within {settings.Worker.StartTimeoutMs} ms (Worker:StartTimeoutMs)."
            : $"it ended with {WorkerInstance.Ending(exitCode)} before it was ready.";
        next.Dispose();
        return $"The new worker {next.Id} did not come into service: {why}";
    }

    private void TakeOver(Takeover takeover)
    {
        lock (_gate)
        {
            _nextId = takeover.NextId;
            _left = [.. takeover.Left];
            if (takeover.Adopted is { } adopted)
            {
                _inService.SetResult(adopted);
                _restarts = 0;
            }
        }
        if (takeover.Adopted is { } serving)
        {
            _ = _liveness.FollowAsync(serving);
            DrainLeft();
        }
    }

    // Those of the control before go as soon as another worker serves.
    private void DrainLeft()
    {
        List<WorkerInstance> left;
        lock (_gate)
        {
            (left, _left) = (_left, []);
            _draining.AddRange(left);
        }
        left.ForEach(worker => BeginDrain(worker));
    }

    // The worker is in the list of those that drain. Ends when it accepts no more.
    private Task BeginDrain(WorkerInstance old, StopOrder? order = null)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _drains = [.. _drains.Where(drain => !drain.IsCompleted), DrainAsync(old, order ?? DrainOrder(settings), told)];
        }
        return told.Task;
    }

    private Task WhenDrainedAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_drains);
        }
    }

    private async Task DrainAsync(WorkerInstance old, StopOrder order, TaskCompletionSource told)
    {
        await Task.Yield(); // out of the lock
        var bound = TimeSpan.FromMilliseconds((long)order.IdleMs + order.StreamMs) + s_stopSlack;
        var started = clock.GetTimestamp();
        // The control before may have told it already: its bounds go on.
        var knows = old.IsAdopted && await old.Client.StatusAsync(CancellationToken.None) is { Draining: true };
        while (!knows && !await old.Client.StopAsync(order) && !old.Exited.IsCompleted && clock.GetElapsedTime(started) < TimeSpan.FromMilliseconds(order.TimeoutMs))
        {
            await Task.Delay(s_askAgain, clock); // it may be too busy to answer at once
        }
        told.SetResult();
        try
        {
            await old.Exited.WaitAsync(bound, clock);
        }
        catch (TimeoutException)
        {
            log.Warning($"Worker {old.Id} (process {old.ProcessId}) did not end within {bound.TotalSeconds:0} s after it was replaced and was killed.");
        }
        old.Kill();
        var exitCode = await old.Exited;
        if (exitCode != 0 && !old.WasEnded(exitCode))
        {
            crashes.Died(old, exitCode, atBoot: false);
            log.Error($"Worker {old.Id} (process {old.ProcessId}), which was replaced, ended with {WorkerInstance.Ending(exitCode)}.");
        }
        else
        {
            log.Info($"Worker {old.Id} (process {old.ProcessId}) has ended.");
        }
        lock (_gate)
        {
            _draining.Remove(old);
        }
        old.Dispose();
    }

    // The worker in service from this one on, whoever replaces whom: gives the last one, which has ended and has no successor.
    private async Task<WorkerInstance> FollowAsync(WorkerInstance worker)
    {
        while (true)
        {
            var changed = Changed;
            Task<WorkerInstance?>? successor;
            lock (_gate)
            {
                if (InService is { } now && now != worker)
                {
                    worker = now;
                    continue;
                }
                successor = _successor?.Task;
            }
            if (!worker.Exited.IsCompleted)
            {
                await Task.WhenAny(worker.Exited, changed);
                continue;
            }
            // It died while its successor was starting, which is the quickest way to the next one.
            if (successor is null || await successor is not { } next)
            {
                return worker;
            }
            worker = next;
        }
    }
}
