namespace EdgeGw.Control.Supervision;

/// <content>What follows a worker's end.</content>
internal sealed partial class WorkerSupervisor
{
    private TimeSpan Leave(WorkerInstance worker, int exitCode, BootCandidate? candidate, bool atBoot)
    {
        // Before the next one is started: it may have to leave out who did it. One that refused an epoch, or that control has ended, has not crashed.
        var isCrash = worker.Refusals.Count == 0 && !worker.WasEnded(exitCode);
        var isExplained = !_stopping && isCrash && crashes.Died(worker, exitCode, atBoot);
        if (_stopping && isCrash && exitCode != 0)
        {
            // Nothing follows from it any more, but whoever wrote the library shall know.
            crashes.Note(worker, exitCode);
        }
        TimeSpan pause;
        bool expected;
        lock (_gate)
        {
            expected = _stopping;
            if (InService == worker)
            {
                Volatile.Write(ref _inService, NewSource<WorkerInstance>());
            }
            // The rule of quarantine bounds how often one version can do it: the others must not wait for that.
            pause = (_candidate is not null && _candidate != candidate) || isExplained ? TimeSpan.Zero : _backoff.Next(worker.Age);
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
}
