using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Identity;

/// <summary><c>edgegw audit</c>: who has changed what.</summary>
internal static class AuditCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var limit = CliOptions.Count("--limit", "N", "How many entries", 1, 1_000, defaultValue: 50);
        var who = new Option<string?>("--who") { Description = "Only what this user or key has done, named as the log names it", HelpName = "NAME" };
        var command = new Command("audit", "Show who has changed what, or was not allowed to, newest first") { limit, who };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var page = await client.GetAuditAsync(parse.GetValue(limit)!.Value, parse.GetValue(who), cancel);
            if (gateway.Json(parse))
            {
                gateway.WriteJson(page.Json);
                return ExitCode.Done;
            }
            var table = new Table("TIME (UTC)", "WHO", "FROM", "REQUEST", ">ANSWER", "WHAT");
            foreach (var entry in page.Value.Items)
            {
                table.Add(
                    entry.Time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), entry.Who, entry.Address, $"{entry.Method} {entry.Path}",
                    new Table.Cell(entry.Status.ToString(CultureInfo.InvariantCulture), entry.Status < 400 ? null : host.Paint.Bad), entry.Detail ?? "-");
            }
            table.Write(host.Out, host.Paint);
            return ExitCode.Done;
        });
        return command;
    }
}
