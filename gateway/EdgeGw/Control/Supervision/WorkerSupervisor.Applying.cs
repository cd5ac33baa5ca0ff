namespace EdgeGw.Control.Supervision;

/// <content>Epochs that are shown to the worker, or that the next one starts with.</content>
internal sealed partial class WorkerSupervisor
{
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
        await worker.Client.TellSecretsAsync(Secrets(path));
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

    private sealed record BootCandidate(string Path, long Number, TaskCompletionSource<ApplyOutcome?> Outcome);
}
