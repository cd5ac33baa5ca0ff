using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw promote</c> and <c>edgegw abort</c>: what becomes of a canary.</summary>
internal static class CanaryEndCommand
{
    /// <summary>Makes <c>promote</c>.</summary>
    public static Command CreatePromote(CliHost host) =>
        Create(host, "promote", "Put a handler's canary in the place of its live version", "promoted", (client, name, cancel) => client.PromoteAsync(name, cancel));

    /// <summary>Makes <c>abort</c>.</summary>
    public static Command CreateAbort(CliHost host) =>
        Create(host, "abort", "End a handler's canary; the live version gets all requests again", "aborted the canary of", (client, name, cancel) => client.AbortAsync(name, cancel));

    private static Command Create(CliHost host, string verb, string description, string done, Func<AdminClient, string, CancellationToken, Task<AdminReply<ChangeReply>>> end)
    {
        var name = new Argument<string>("name") { Description = "The handler's name" };
        var command = new Command(verb, description) { name };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var handler = parse.GetValue(name)!;
            var change = await end(client, handler, cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(change.Json);
            else
                ChangeText.Write($"{done} {handler}", change.Value, change.Value.Handlers.Where(deployed => deployed.Name == handler), host);
            return ExitCode.Done;
        });
        name.CompletionSources.Add(gateway.HandlerNames);
        return command;
    }
}
