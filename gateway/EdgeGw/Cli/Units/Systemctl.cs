using System.ComponentModel;
using System.Diagnostics;
using EdgeGw.Control.Systemd;

namespace EdgeGw.Cli.Units;

/// <summary>Runs systemctl(1).</summary>
internal static class Systemctl
{
    /// <summary>Where its folder says that systemd runs this machine (sd_booted(3)).</summary>
    public const string Running = "/run/systemd/system";

    /// <summary>Runs it and gives what it printed. Throws with its own words when it fails, or is not there.</summary>
    public static async Task<string> RunAsync(CancellationToken cancel, params string[] arguments)
    {
        var start = SystemdVariables.Withhold(new ProcessStartInfo("systemctl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? await output
                : throw new CliException(ExitCode.Failed, $"systemctl {string.Join(' ', arguments)} failed", [.. (await error).Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        }
        catch (Win32Exception e)
        {
            throw new CliException(ExitCode.Failed, $"systemctl cannot be run: {e.Message}");
        }
    }
}
