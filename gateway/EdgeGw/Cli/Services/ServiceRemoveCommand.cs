using System.CommandLine;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Services;

/// <summary><c>edgegw service remove</c>: takes a service away.</summary>
internal static class ServiceRemoveCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var service = ServiceArgument.Create();
        var force = new Option<bool>("--force") { Description = "Even if handlers use it: their calls fail then" };
        var command = new Command("remove", "Remove a service; its data stays where it is") { service, force };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var change = await client.RemoveServiceAsync(parse.GetValue(service), parse.GetValue(force), cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(change.Json);
            else
                ChangeText.WriteService(change.Value, host);
            return ExitCode.Done;
        });
        service.CompleteWith(gateway);
        return command;
    }
}
