using EdgeGw.Configuration;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.HandingOver;

/// <summary>Looks at the ledger of the worker in service after each change and now and then, and has the worker replaced when it is past its budget: code that was loaded is never unloaded, so
/// only a fresh process gives back what replaced versions hold.</summary>
internal sealed class LedgerWatch(
    HandOvers handOvers, WorkerSupervisor workers, EdgeGwCommand program, LedgerSettings budget, DeploymentLog deployments, ControlLog log, TimeProvider clock) : IDisposable
{
    // One look that is due is enough, however many changes were made meanwhile.
    private readonly SemaphoreSlim _due = new(0, 1);

    /// <summary>A change was made: look soon.</summary>
    internal void Notice()
    {
        try
        {
            _due.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is about to look anyway, or never again.
        }
    }

    /// <summary>Watches until <paramref name="stop"/>.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(stop);
                if (!await LookAsync(stop))
                {
                    // The next change would try again at once, and fail again: not more often than the clock does.
                    await Task.Delay(TimeSpan.FromMilliseconds(budget.CheckMs), clock, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (ChangeRefusedException e)
            {
                log.Warning($"The ledger is over its budget and the worker was not replaced: {e.Message}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _due.Dispose();

    private async Task WaitAsync(CancellationToken stop)
    {
        using var due = new CancellationTokenSource(TimeSpan.FromMilliseconds(budget.CheckMs), clock);
        using var clockOrChange = CancellationTokenSource.CreateLinkedTokenSource(stop, due.Token);
        try
        {
            await _due.WaitAsync(clockOrChange.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // the clock
        }
    }

    // False when the worker was not replaced although it should have been.
    private async Task<bool> LookAsync(CancellationToken stop)
    {
        if (workers.InService is not { } worker || await worker.Client.StatusAsync(stop) is not { } status || LedgerBudget.Exceeded(status, budget) is not { } excess)
        {
            return true;
        }
        log.Info($"Worker {worker.Id} is replaced: {excess}.");
        // While it waited for its turn, another hand-over may have been made.
        return await handOvers.InTurnAsync(() => workers.InService == worker ? ReplaceAsync($"replace worker {worker.Id}: {excess}") : Task.FromResult(true), stop);
    }

    // Into the log of deployments too: whoever wonders why a worker is another one looks there.
    private async Task<bool> ReplaceAsync(string reason)
    {
        try
        {
            return await deployments.FollowAsync("hand-over", reason, async () => await handOvers.RunInTurnAsync("ledger", program) is { } failure
                ? throw new ChangeRefusedException(503, "The worker was not replaced.", failure)
                : true, clock);
        }
        catch (ChangeRefusedException)
        {
            return false; // the log has it
        }
    }
}
