using System.CommandLine;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Services;

/// <summary><c>edgegw service enable</c> and <c>edgegw service disable</c>, which differ by a word.</summary>
internal static class ServiceEnableCommand
{
    /// <summary>Makes one of the two.</summary>
    public static Command Create(CliHost host, bool enabled)
    {
        var service = ServiceArgument.Create();
        var force = new Option<bool>("--force") { Description = "Even if handlers use it: their calls fail then" };
        var command = enabled
            ? new Command("enable", "Let handlers use a service again") { service }
            : new Command("disable", "Take a service out of use and keep its configuration") { service, force };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var change = await client.EnableServiceAsync(parse.GetValue(service), enabled, !enabled && parse.GetValue(force), cancel);
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
