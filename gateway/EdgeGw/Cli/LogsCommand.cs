using System.CommandLine;
using EdgeGw.Cli.Following;

namespace EdgeGw.Cli;

/// <summary><c>edgegw logs</c>: what the gateway and the handlers wrote.</summary>
internal static class LogsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with lines as they are written" };
        var tail = CliOptions.Count("--tail", "N", "How many of the newest lines", 0, 1_000_000, defaultValue: 100);
        var handler = new Option<string?>("--handler") { Description = "Lines of this handler only", HelpName = "NAME" };
        var reconnect = CliOptions.Reconnect();
        var command = new Command("logs", "Show the log of the gateway and its handlers") { follow, tail, handler, reconnect };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var json = gateway.Json(parse);
            var (count, name) = (parse.GetValue(tail)!.Value, parse.GetValue(handler));
            await foreach (var line in parse.GetValue(follow) ? LogFollower.FollowAsync(client, count, name, host, parse.Patience(reconnect), cancel) : client.GetLogsAsync(count, follow: false, name, () => { }, cancel))
                host.Out.WriteLine(json ? line : LogText.Format(line, host));
            return ExitCode.Done;
        });
        handler.CompletionSources.Add(gateway.HandlerNames);
        return command;
    }
}
