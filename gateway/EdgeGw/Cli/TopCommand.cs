using System.CommandLine;
using System.Text.Json;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Top;

namespace EdgeGw.Cli;

/// <summary><c>edgegw top</c>: what each version uses, again and again.</summary>
internal static class TopCommand
{
    private const int DefaultIntervalMs = 2_000;
    private const int LeastIntervalMs = 100;
    private const int FirstIntervalMs = 1_000;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var once = new Option<bool>("--once") { Description = "Print one table, of the next second, and end" };
        var interval = CliOptions.Duration("--interval", "How long between two tables, such as 5s (default: 2s)");
        var sort = new Option<string>("--sort") { Description = "What the table is sorted by", HelpName = "COLUMN", DefaultValueFactory = _ => "cpu" };
        sort.AcceptOnlyFromAmong([.. TopTable.Orders.Keys]);
        var command = new Command("top", "Show what each handler version uses: requests, processor time, heap, garbage collections") { once, interval, sort };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var json = gateway.Json(parse);
            var pause = TimeSpan.FromMilliseconds(Math.Max(LeastIntervalMs, parse.GetValue(interval) ?? DefaultIntervalMs));
            var isOnce = parse.GetValue(once);
            var before = await SampleAsync();
            // The first figures soon; rates need two samples.
            await Task.Delay(isOnce || pause.TotalMilliseconds > FirstIntervalMs ? TimeSpan.FromMilliseconds(FirstIntervalMs) : pause, host.Time, cancel);
            while (true)
            {
                var now = await SampleAsync();
                var rates = TopRates.Between(before.Status, now.Status, host.Time.GetElapsedTime(before.Taken, now.Taken));
                if (json)
                    host.Out.WriteLine(JsonSerializer.Serialize(rates, TopJson.Default.TopRates));
                else
                    TopTable.Write(rates, parse.GetValue(sort)!, isLive: !isOnce && host.OutIsTerminal, host);
                if (isOnce)
                    return ExitCode.Done;
                before = now;
                await Task.Delay(pause, host.Time, cancel);
            }

            async Task<(StatusReply Status, long Taken)> SampleAsync() => ((await client.GetStatusAsync(cancel)).Value, host.Time.GetTimestamp());
        });
        return command;
    }
}
