using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw upgrade</c>: the program at the running gateway's path takes its place.</summary>
internal static class UpgradeCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("upgrade", "Put the program that is now at the running gateway's path in its place, without losing a request");
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var upgrade = await client.UpgradeAsync(cancel);
            await WaitAsync(client, upgrade.Value, host.Time, cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(upgrade.Json);
            else
                host.Out.WriteLine($"{host.Paint.Good("upgraded")} to {Printable.Escape(upgrade.Value.Version)}; worker process {upgrade.Value.Pid} serves");
            return ExitCode.Done;
        });
        return command;
    }

    // The worker is new already; control follows once it has answered.
    private static async Task WaitAsync(AdminClient client, UpgradeReply upgrade, TimeProvider clock, CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < s_patience)
        {
            try
            {
                if ((await client.GetStatusAsync(cancel)).Value.Control?.Upgrades >= upgrade.Upgrades)
                    return;
            }
            catch (CliException e) when (e.ExitCode == ExitCode.Unreachable)
            {
                // asked the one before just when it ended
            }
            await Task.Delay(s_look, clock, cancel);
        }
        throw new CliException(ExitCode.Failed, $"the new program's worker serves, but control was not replaced within {s_patience.TotalSeconds:0} s; 'edgegw logs' says why");
    }
}
