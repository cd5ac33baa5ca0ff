using System.Globalization;
using System.Text;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>What clients that mean harm cost those who do not: the latency of a steady stream of requests beside and without them, in the same run. The attackers run at the lowest priority:
/// what they cost themselves, they would cost their own machine.</summary>
internal static class Attacks
{
    private const int Attackers = 1000;
    private const int Connections = 8;
    private const int RequestsPerSecond = 1000;

    // Until all attackers are connected.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(1);

    /// <summary>Measures each attack; a report.</summary>
    public static async Task<Outcome> ReportAsync(Plan plan)
    {
        await using var gateway = await Gateway.StartAsync();
        foreach (var library in (string[])["ok1", "dump", "stream"])
        {
            await gateway.DeployAsync(Repository.Fixture(library));
        }
        var healthy = new Uri(gateway.Address, "/ok");
        _ = await HealthyAsync(healthy, Plan.WarmUpSeconds);

        var text = new StringBuilder().AppendLine(Report.Title("Clients that mean harm")).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{plan.Rounds} rounds of {plan.Seconds} s, medians with the least and the most. {Report.Machine()}.");
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Latency of {RequestsPerSecond} requests a second over {Connections} connections (`h2load --h1 --rps`), without and with the attackers, in turn: {Attackers} connections of slowhttptest, or one HTTP/2 client after the other that begins and resets streams as fast as it can.");
        text.AppendLine().AppendLine("| attack | p50 ms without | p50 ms with | p99 ms without | p99 ms with | ratio of p99 |").AppendLine("|---|---|---|---|---|---|");
        foreach (var (name, attack) in ((string, string[])[])
            [
                ("slow heads", SlowHttp(plan, gateway, "ok", "-H")),
                ("slow bodies", SlowHttp(plan, gateway, "dump/x", "-B", "-s", "8192", "-t", "POST")),
                ("slow readers, each asking for 10 MB", SlowHttp(plan, gateway, "stream/bytes/10000000", "-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32")),
                ("rapid reset", [Path.Combine(AppContext.BaseDirectory, "EdgeGw.Load"), "--reset-streams", healthy.ToString(), "--seconds", (plan.Seconds + 2).ToString(CultureInfo.InvariantCulture)]),
            ])
        {
            var (without, with) = (new List<(double P50, double P99)>(), new List<(double P50, double P99)>());
            for (var round = 0; round < plan.Rounds; round++)
            {
                without.Add(await HealthyAsync(healthy, plan.Seconds));
                var attacking = Command.RunAsync("nice", ["-n", "19", .. attack], timeout: TimeSpan.FromSeconds(plan.Seconds + 60));
                await Task.Delay(s_settling);
                with.Add(await HealthyAsync(healthy, plan.Seconds));
                if (await attacking is { ExitCode: not 0 } failed)
                {
                    throw new InvalidOperationException($"{name}: {failed}");
                }
            }
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {Spread(without.Select(l => l.P50))} | {Spread(with.Select(l => l.P50))} | {Spread(without.Select(l => l.P99))} | {Spread(with.Select(l => l.P99))} | {Spread(with.Zip(without, (a, b) => a.P99 / b.P99))} |");
        }
        return new(text.ToString());
    }

    /// <summary>The attacker of the last one: begins streams and resets them, connection after connection, until its time is over.</summary>
    public static async Task ResetStreamsAsync(Uri address, int seconds)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var request = Http2Frames.Get(address.AbsolutePath);
        while (!stop.IsCancellationRequested)
        {
            using var client = await Http2Frames.OpenAsync(address);
            try
            {
                await client.SendUntilRefusedAsync(
                    i => [.. Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndStream | Http2Frames.EndHeaders, (2 * i) + 1, request), .. Http2Frames.Frame(Http2Frames.Reset, 0, (2 * i) + 1, [0, 0, 0, 8])],
                    stop.Token);
            }
            catch (OperationCanceledException)
            {
                // Its time is over.
            }
        }
    }

    private static string[] SlowHttp(Plan plan, Gateway gateway, string path, params string[] kind) =>
        ["slowhttptest", .. kind, "-u", new Uri(gateway.Address, path).ToString(), "-c", $"{Attackers}", "-r", $"{Attackers}", "-l", $"{plan.Seconds + 2}", "-i", "1", "-p", "3"];

    private static async Task<(double P50, double P99)> HealthyAsync(Uri url, int seconds)
    {
        var log = Path.GetTempFileName();
        try
        {
            var run = await Command.RunAsync(
                "h2load", ["--h1", "-t1", $"-c{Connections}", $"--rps={RequestsPerSecond / Connections}", "-D", $"{seconds}", "--log-file", log, url.ToString()], timeout: TimeSpan.FromSeconds(seconds + 60));
            // Start, status, microseconds.
            var rows = (await File.ReadAllLinesAsync(log)).Select(line => line.Split('\t')).ToList();
            if (run.ExitCode != 0 || rows.Count == 0 || rows.Exists(row => row[1] != "200"))
            {
                throw new InvalidOperationException($"h2load {url}: {run}");
            }
            var taken = rows.Select(row => double.Parse(row[2], CultureInfo.InvariantCulture) / 1000).Order().ToArray();
            return (taken[taken.Length / 2], taken[(int)(taken.Length * 0.99)]);
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static string Spread(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{ordered[ordered.Length / 2]:0.00} ({ordered[0]:0.00}–{ordered[^1]:0.00})");
    }
}
