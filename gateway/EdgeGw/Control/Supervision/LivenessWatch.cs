using EdgeGw.Control.Observability;

namespace EdgeGw.Control.Supervision;

/// <summary>Kills a worker that has stopped without ending: stopped by a signal, or with event loops that stand still. Its successor is started as after any death.</summary>
internal sealed class LivenessWatch(int timeoutMs, ControlLog log, TimeProvider clock)
{
    // Asked so many times as often as it may be silent.
    private const int AsksPerTimeout = 4;

    private long _frozen;

    /// <summary>Workers killed.</summary>
    internal long Frozen => Interlocked.Read(ref _frozen);

    /// <summary>Looks after a worker until it ends. Never faults.</summary>
    internal async Task FollowAsync(WorkerInstance worker)
    {
        if (timeoutMs == 0)
        {
            return;
        }
        // Two halves: when it is this process that was stopped, for the first half or more, the worker still has the second one to answer.
        var half = TimeSpan.FromMilliseconds(timeoutMs / 2.0);
        while (!worker.Exited.IsCompleted)
        {
            if (!await worker.Pulse.FeelAsync(half) && !await worker.Pulse.FeelAsync(half) && !worker.Exited.IsCompleted)
            {
                Interlocked.Increment(ref _frozen);
                log.Error($"The event loops of worker {worker.Id} (process {worker.ProcessId}) stood still for {timeoutMs} ms (Worker:LivenessTimeoutMs), so it was killed.");
                worker.Kill();
                return;
            }
            await Task.WhenAny(worker.Exited, Task.Delay(TimeSpan.FromMilliseconds(timeoutMs / (double)AsksPerTimeout), clock));
        }
    }
}
