using System.Diagnostics;
using System.Globalization;

namespace EdgeGw.Control.Systemd;

/// <summary>What a service manager says to the process that it starts, in variables (sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3)).</summary>
internal static class SystemdVariables
{
    private static readonly string[] s_own = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];

    /// <summary>Takes out of a child's environment what is said to control alone: a handler library must not speak for the service.</summary>
    internal static ProcessStartInfo Withhold(ProcessStartInfo start)
    {
        foreach (var name in s_own)
        {
            start.Environment.Remove(name);
        }
        return start;
    }

    /// <summary>Within which time a sign of life is due, again and again; null when nobody waits for one.</summary>
    internal static TimeSpan? Watchdog(Func<string, string?> environment, int processId) =>
        (environment("WATCHDOG_PID") is not { Length: > 0 } owner || owner == processId.ToString(CultureInfo.InvariantCulture))
        && long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
}
