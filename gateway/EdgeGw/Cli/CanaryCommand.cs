using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw canary</c>: every version on trial beside the live one.</summary>
internal static class CanaryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("canary", "Show the versions on trial ('edgegw deploy --canary'), each beside the live one");
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var canaries = await client.GetCanariesAsync(cancel);
            if (gateway.Json(parse))
                gateway.WriteJson(canaries.Json);
            else
                Write(canaries.Value, host);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(CanariesReply reply, CliHost host)
    {
        if (reply.Canaries.Count == 0)
            host.Out.WriteLine("No canary runs. Start one with 'edgegw deploy --canary 5%'.");
        else
            WriteRunning(reply.Canaries, host);
        foreach (var end in reply.Ended)
            host.Out.WriteLine($"{host.Paint.Dim(Human.Ago(end.Time, host.Time))}  {Printable.Escape(end.Reason)}");
    }

    private static void WriteRunning(IReadOnlyList<CanaryReply> canaries, CliHost host)
    {
        var table = new Table("HANDLER", "VERSION", ">SHARE", "SINCE", ">REQUESTS", ">ERRORS", ">P50", ">P99", ">DEATHS");
        foreach (var canary in canaries)
        {
            Add(canary.Version + " (canary)", Percent(canary.Percent), Human.Ago(canary.Since, host.Time), canary.Canary, Number(canary.Deaths));
            Add(canary.LiveVersion, Percent(100 - canary.Percent), "", canary.Live, "");

            void Add(string version, string share, string since, CanarySideReply side, string deaths) => table.Add(
                canary.Handler, version, share, since, Number(side.Requests), Number(side.Errors), Time(side.P50Ms), Time(side.P99Ms), deaths);
        }
        table.Write(host.Out, host.Paint);
        foreach (var canary in canaries)
        {
            var plan = canary.PromoteAfterMs is { } after ? $"is promoted by itself after {Human.Time(after)}" : $"waits for 'edgegw promote {canary.Handler}' or 'edgegw abort {canary.Handler}'";
            host.Out.WriteLine(Printable.Escape($"{canary.Handler} {canary.Version} {(canary.Fault is { } fault ? $"is being aborted: {fault}" : plan)}"));
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}%");

    private static string Time(double? milliseconds) => milliseconds is { } value ? Human.Time(value) : "-";
}
