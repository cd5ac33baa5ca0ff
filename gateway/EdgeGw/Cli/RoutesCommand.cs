using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw routes</c>: every route of the epoch in force.</summary>
internal static class RoutesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("routes", "List every route and its limits");
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var routes = await client.GetRoutesAsync(cancel);
            if (gateway.Json(parse))
            {
                gateway.WriteJson(routes.Json);
                return ExitCode.Done;
            }
            var table = new Table("METHOD", "HOST", "PATTERN", "HANDLER", "VERSION", ">DEADLINE", ">BODY", ">CONCURRENCY");
            foreach (var route in routes.Value.Routes)
            {
                table.Add(route.Method, route.Host, route.Pattern, route.Handler, route.Version,
                    Human.Time(route.DeadlineMs), Human.Bytes(route.MaxBodyBytes), route.Concurrency.ToString(CultureInfo.InvariantCulture));
            }
            table.Write(host.Out, host.Paint);
            return ExitCode.Done;
        });
        return command;
    }
}
