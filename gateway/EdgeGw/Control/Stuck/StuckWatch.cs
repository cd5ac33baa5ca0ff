using EdgeGw.Calls;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Isolation;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Stuck;

/// <summary>Hears from the worker which calls it has given up: keeps a report of each, with the lost thread's stack, and takes the version out of the desired state.</summary>
internal sealed class StuckWatch(WorkerSupervisor workers, IsolatedWorkers isolated, EpochChanges changes, StuckReports reports, ControlLog log, TimeProvider clock)
{
    // Reading a stack stops a thread and costs control some time; more of one version say nothing new.
    private const int MaxStacksPerVersion = 3;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Told of a canary's call that was given up, with a sentence.</summary>
    internal Action<EpochCanary, string>? CanaryStuck { get; set; }

    /// <summary>Runs until <paramref name="stop"/>. Each worker is followed until it ends: one that was replaced has stuck calls too, and must not keep the next one from being heard.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        isolated.Entered = worker => _ = FollowAsync(worker, stop);
        WorkerInstance? followed = null;
        try
        {
            while (true)
            {
                var changed = workers.Changed;
                var worker = await workers.WaitInServiceAsync(Timeout.InfiniteTimeSpan, stop);
                if (worker != followed)
                {
                    _ = FollowAsync(followed = worker, stop);
                }
                await changed.WaitAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // the gateway stops
        }
    }

    private async Task FollowAsync(WorkerInstance worker, CancellationToken stop)
    {
        var after = 0L;
        var stacks = new Dictionary<int, int>();
        try
        {
            while (!worker.Exited.IsCompleted)
            {
                if (await worker.Client.StuckAsync(after, stop) is not { } calls)
                {
                    await Task.WhenAny(worker.Exited, Task.Delay(s_pause, clock, stop));
                    stop.ThrowIfCancellationRequested();
                    continue;
                }
                foreach (var call in calls)
                {
                    after = call.Number;
                    stacks[call.Ordinal] = stacks.GetValueOrDefault(call.Ordinal) + 1;
                    await HandleAsync(worker, call, stacks[call.Ordinal] <= MaxStacksPerVersion, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // the gateway stops
        }
    }

    private async Task HandleAsync(WorkerInstance worker, StuckCall call, bool withStack, CancellationToken stop)
    {
        // First what others wait for.
        var action = call.IsFirst ? await TakeOutAsync(worker, call) : "Its version had been taken out of service before.";
        IReadOnlyList<string> stack = call.ThreadId == 0 ? [] : withStack ? await Task.Run(() => NativeStack.Read(worker.ProcessId, call.ThreadId), stop) : ["(not read: those of three calls of this version were)"];
        reports.Add(new StuckReport(
            clock.GetUtcNow(), call.Handler, call.Version, call.Sha256, call.Reason, action, call.RequestId, call.Route, call.HeldMs, worker.ProcessId, call.ThreadId, stack), (int)call.Number);
        log.Error(stack.Count == 0 ? action : $"{action} Thread {call.ThreadId} is at:\n{string.Join('\n', stack.Select(frame => "  " + frame))}");
    }

    private async Task<string> TakeOutAsync(WorkerInstance worker, StuckCall call)
    {
        if (isolated.CanaryOf(worker) is { } canary)
        {
            CanaryStuck?.Invoke(canary, call.Reason);
            return call.Reason;
        }
        try
        {
            return await changes.QuarantineAsync(new EpochQuarantine { Name = call.Handler, Version = call.Version, Sha256 = call.Sha256, Reason = call.Reason, Since = clock.GetUtcNow() });
        }
        catch (ChangeRefusedException e)
        {
            // The worker refuses its requests all the same.
            return $"Its routes answer 503; the desired state could not be changed: {e.Message}";
        }
    }
}
