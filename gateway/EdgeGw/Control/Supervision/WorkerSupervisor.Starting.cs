using System.ComponentModel;
using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Supervision;

/// <content>A worker's way into service.</content>
internal sealed partial class WorkerSupervisor
{
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
                var epoch = candidate?.Path ?? epochs.CurrentPath;
                _starting = WorkerInstance.Start(_nextId++, command, state, settings, sockets, epoch, candidate is not null, candidate is null ? crashes.LeftOut : [], Secrets(epoch), clock);
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

    private async Task<bool> BecomesReadyAsync(WorkerInstance worker, bool mayRefuse)
    {
        if (!await worker.StartsAsync(settings))
        {
            log.Error($"Worker {worker.Id} was not ready within {settings.Worker.StartTimeoutMs} ms (Worker.StartTimeoutMs) and was killed.");
            return false;
        }
        if (mayRefuse)
        {
            // One that refuses says why and ends: its end may be seen before its words.
            await Task.WhenAny(worker.Ready, Task.Delay(s_lastWords, clock));
        }
        return worker.Ready.IsCompletedSuccessfully && worker.Ready.Result;
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
        var isSurplus = false;
        lock (_gate)
        {
            _starting = null;
            if (InService is not null)
            {
                isSurplus = true; // a successor was quicker
                _draining.Add(worker);
                if (!ready)
                {
                    worker.Kill();
                }
            }
            else if (!ready || _stopping) // a stop asks who is in service, so it must not slip between
            {
                worker.Kill();
                return false;
            }
            else
            {
                _inService.TrySetResult(worker);
                Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            }
            if (_candidate is { } waiting && waiting != candidate)
            {
                // It came while this one was starting: no boot is needed, it is shown to this one.
                _candidate = null;
                waiting.Outcome.TrySetResult(null);
            }
        }
        if (isSurplus)
        {
            if (InService is { } serving)
            {
                Record(serving);
            }
            _ = BeginDrain(worker);
            return false;
        }
        Settle(candidate, new ApplyOutcome(ApplyResult.Accepted));
        DrainLeft();
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
}
