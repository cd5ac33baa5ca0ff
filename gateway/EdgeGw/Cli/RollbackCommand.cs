using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw rollback</c>: back to what served before.</summary>
internal static class RollbackCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var handler = new Argument<string?>("handler") { Description = "The handler to take back; without it, the whole last change", Arity = ArgumentArity.ZeroOrOne };
        var to = CliOptions.Count("--to", "EPOCH", "The epoch to go back to (see 'edgegw history')", 1, int.MaxValue);
        var command = new Command("rollback", "Go back to an earlier version or epoch") { handler, to };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var request = new RollbackRequest { Handler = parse.GetValue(handler), Epoch = parse.GetValue(to) };
            if (request.Handler is not null && request.Epoch is not null)
                throw new CliException(ExitCode.Usage, "give a handler or --to, not both: an epoch is the state of every handler");
            var change = await client.RollBackAsync(request, cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(change.Json);
            else
                ChangeText.Write("rolled back", change.Value, change.Value.Handlers.Where(deployed => request.Handler is null || deployed.Name == request.Handler), host);
            return ExitCode.Done;
        });
        handler.CompletionSources.Add(gateway.HandlerNames);
        return command;
    }
}
