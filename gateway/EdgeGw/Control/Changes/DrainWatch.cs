using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Changes;

/// <summary>Waits until the versions that a deploy replaced have finished their requests.</summary>
internal static class DrainWatch
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(5);

    /// <summary>True when no version of the handler drains any more; false when some still do after the drain time of the deployment that replaced them
    /// (<paramref name="replacing"/>), which the worker gives them too, and a little more.</summary>
    internal static async Task<bool> WaitAsync(WorkerSupervisor workers, EpochHandler replacing, TimeProvider clock, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var longest = TimeSpan.FromMilliseconds(replacing.DrainMs) + s_slack;
        while (clock.GetElapsedTime(started) < longest)
        {
            // The worker's ledger tells; with no worker there is nothing that drains, but wait for the next one to say so.
            if (workers.InService is { } worker && await worker.Client.StatusAsync(cancellation) is { } status
                && !status.Versions.Any(version => version.Handler == replacing.Name && version.State == "draining"))
            {
                return true;
            }
            await Task.Delay(s_interval, clock, cancellation);
        }
        return false;
    }
}
