using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw history</c>: the epochs, newest first.</summary>
internal static class HistoryCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var limit = CliOptions.Count("--limit", "N", "How many epochs, newest first", 1, 1_000_000, defaultValue: 50);
        var command = new Command("history", "List the epochs: what was deployed, rolled back and undeployed") { limit };
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
            var table = new Table("", ">EPOCH", "WHEN", "WHAT", "HANDLERS");
            foreach (var epoch in epochs.Value.Epochs)
            {
                table.Add(epoch.Current ? new Table.Cell("*", paint.Good) : "", epoch.Number.ToString(CultureInfo.InvariantCulture), Human.Ago(epoch.Created, host.Time), epoch.Reason,
                    epoch.Handlers.Count == 0 ? new Table.Cell("none", paint.Dim) : ChangeText.List(epoch.Handlers));
            }
            table.Write(host.Out, paint);
            return ExitCode.Done;
        });
        return command;
    }
}
