using System.CommandLine;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw undeploy</c>: takes a handler out of service.</summary>
internal static class UndeployCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var name = new Argument<string>("name") { Description = "The handler's name" };
        var command = new Command("undeploy", "Take a handler out of service") { name };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var handler = parse.GetValue(name)!;
            var change = await client.UndeployAsync(handler, cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(change.Json);
            else
                ChangeText.Write($"undeployed {handler}", change.Value, [], host);
            return ExitCode.Done;
        });
        name.CompletionSources.Add(gateway.HandlerNames);
        return command;
    }
}
