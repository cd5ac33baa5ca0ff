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
            // Most of the time every route is live and nobody needs to read so.
            var states = routes.Value.Routes.Any(route => route.State != "live");
            string[] headings = ["METHOD", "HOST", "PATTERN", "HANDLER", "VERSION", ">DEADLINE", ">BODY", ">CONCURRENCY", .. states ? ["STATE"] : Array.Empty<string>()];
            var table = new Table(headings);
            foreach (var route in routes.Value.Routes)
            {
                Table.Cell[] cells = [route.Method, route.Host, route.Pattern, route.Handler, route.Version,
                    Human.Time(route.DeadlineMs), Human.Bytes(route.MaxBodyBytes), route.Concurrency.ToString(CultureInfo.InvariantCulture), route.State];
                table.Add(cells[..headings.Length]);
            }
            table.Write(host.Out, host.Paint);
            return ExitCode.Done;
        });
        return command;
    }
}
