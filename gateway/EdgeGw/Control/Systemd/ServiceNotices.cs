using System.Globalization;
using System.Net.Sockets;
using EdgeGw.Control.Observability;
using Microsoft.Extensions.Hosting.Systemd;

namespace EdgeGw.Control.Systemd;

/// <summary>Tells systemd how the gateway is: ready, with which status, alive, stopping (sd_notify(3)). Says nothing where nobody listens.</summary>
/// <param name="notifier">The way to systemd.</param>
/// <param name="watchdog">Within which time a sign of life is due; null for never.</param>
/// <param name="isAlive">Whether the data plane serves, asked with the time that it has for an answer.</param>
/// <param name="status">The status line.</param>
/// <param name="log">Where a failure is told, once.</param>
/// <param name="clock">The clock.</param>
internal sealed class ServiceNotices(ISystemdNotifier notifier, TimeSpan? watchdog, Func<TimeSpan, Task<bool>> isAlive, Func<string> status, ControlLog log, TimeProvider clock)
{
    private static readonly TimeSpan s_statusPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private string _told = "";
    private bool _failed;

    /// <summary>The first worker serves. Then, until <paramref name="stop"/>: the status whenever it changes, and a sign of life in half the time within which one is due, as long as the
    /// data plane gives one. Never faults.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        if (!notifier.IsEnabled)
        {
            return;
        }
        Tell(string.Create(CultureInfo.InvariantCulture, $"READY=1\nMAINPID={Environment.ProcessId}\nSTATUS={_told = status()}"));
        await Task.WhenAll(FollowStatusAsync(stop), watchdog is { } due ? GiveSignsOfLifeAsync(due / 2, stop) : Task.CompletedTask);
    }

    /// <summary>The gateway finishes what is under way and ends.</summary>
    internal void Stopping() => Tell("STOPPING=1\nSTATUS=Stopping: requests under way are finished.");

    private async Task FollowStatusAsync(CancellationToken stop)
    {
        while (await PauseAsync(s_statusPeriod, stop))
        {
            if (status() is var now && now != _told)
            {
                Tell("STATUS=" + (_told = now));
            }
        }
    }

    private async Task GiveSignsOfLifeAsync(TimeSpan period, CancellationToken stop)
    {
        // Half for the answer, half for the pause: no sign comes later than the period, even when an answer takes all its time.
        do
        {
            if (await isAlive(period / 2))
            {
                Tell("WATCHDOG=1");
            }
        }
        while (await PauseAsync(period / 2, stop));
    }

    private async Task<bool> PauseAsync(TimeSpan period, CancellationToken stop)
    {
        try
        {
            await Task.Delay(period, clock, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Tell(string state)
    {
        if (!notifier.IsEnabled)
        {
            return;
        }
        try
        {
            lock (_gate)
            {
                notifier.Notify(new ServiceState(state));
            }
        }
        catch (SocketException e)
        {
            if (!_failed)
            {
                log.Warning($"systemd cannot be told how the gateway is: {e.Message.TrimEnd('.')}.");
            }
            _failed = true;
        }
    }
}
