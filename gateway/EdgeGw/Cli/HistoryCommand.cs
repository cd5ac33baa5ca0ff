using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Output;
using EdgeGw.Cli.Services;

namespace EdgeGw.Cli;

/// <summary><c>edgegw history</c>: the epochs, newest first.</summary>
internal static class HistoryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var limit = CliOptions.Count("--limit", "N", "How many epochs, newest first", 1, 1_000_000, defaultValue: 50);
        var command = new Command("history", "List the epochs: what was deployed, rolled back and undeployed, and how services were changed") { limit };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var epochs = await client.GetEpochsAsync(parse.GetValue(limit)!.Value, cancel);
            if (gateway.Json(parse))
            {
                gateway.WriteJson(epochs.Json);
                return ExitCode.Done;
            }
            var paint = host.Paint;
            // Who has none but the built-in services need not read about them.
            var services = epochs.Value.Epochs.Any(epoch => epoch.Services.Count > 0);
            string[] headings = ["", ">EPOCH", "WHEN", "WHAT", "HANDLERS", .. services ? ["SERVICES"] : Array.Empty<string>()];
            var none = new Table.Cell("none", paint.Dim);
            var table = new Table(headings);
            foreach (var epoch in epochs.Value.Epochs)
            {
                Table.Cell[] cells = [epoch.Current ? new Table.Cell("*", paint.Good) : "", epoch.Number.ToString(CultureInfo.InvariantCulture), Human.Ago(epoch.Created, host.Time), epoch.Reason,
                    epoch.Handlers.Count == 0 ? none : ChangeText.List(epoch.Handlers), epoch.Services.Count == 0 ? none : ServiceText.List(epoch.Services)];
                table.Add(cells[..headings.Length]);
            }
            table.Write(host.Out, paint);
            return ExitCode.Done;
        });
        return command;
    }
}
