using System.Globalization;
using System.Text;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>What a handler that holds its thread costs those who ask for another.</summary>
internal static class BlockingCase
{
    private const int Blocking = 8;

    // Longer than the load, so that the 8 are there all the time: h2load opens its connections first.
    private const int Margin = 4;

    private sealed record Situation(string Server, string Name, List<(Saturation Saturated, Latencies Half)> Rounds);

    /// <summary>Measures a fast route alone, beside connections on a handler that blocks 100 ms, and beside one call that never returns.</summary>
    public static async Task<Outcome> RunAsync(Plan plan)
    {
        // A deadline would end what never returns; and it must not hold up the end.
        string[] settings = ["Limits:DeadlineMs=3600000", "Worker:StopTimeoutMs=1000"];
        Task Deploy(Gateway gateway) => gateway.DeployAsync(GatewayServer.Library("Work"));
        await using var servers = new Started();
        servers.Add(await GatewayServer.StartAsync(Deploy, settings));
        servers.Add(await BaselineServer.StartAsync());
        await using var lost = new Started();
        lost.Add(await GatewayServer.StartAsync(Deploy, settings));
        lost.Add(await BaselineServer.StartAsync());
        var (fast, fastBesideLost) = (servers.Asked(new Ask("/fast")), lost.Asked(new Ask("/fast")));
        await SameAnswer.CheckAsync(fast);
        var never = new List<RawConnection>();
        var situations = new List<Situation>();
        try
        {
            foreach (var contender in fastBesideLost)
            {
                never.Add(await RawConnection.OpenAsync(contender.Server.Address));
                await never[^1].SendAsync("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            foreach (var contender in fast.Concat(fastBesideLost))
            {
                await Measurement.SaturateAsync(contender, Plan.WarmUpSeconds, plan);
            }
            situations.AddRange(fast.SelectMany(contender => (Situation[])[new(contender.Name, "alone", []), new(contender.Name, $"beside {Blocking} connections that block 100 ms", []), new(contender.Name, "beside one call that never returns", [])]));
            for (var round = 0; round < plan.Rounds; round++)
            {
                for (var i = 0; i < fast.Count; i++)
                {
                    var alone = await BothAsync(fast[i], plan, null);
                    situations[3 * i].Rounds.Add(alone);
                    var blocked = Wrk.RunAsync(fast[i].Server.Address, new Ask("/blocked"), (2 * plan.Seconds) + Margin, Blocking);
                    situations[(3 * i) + 1].Rounds.Add(await BothAsync(fast[i], plan, alone.Half.PerSecond));
                    await blocked;
                    situations[(3 * i) + 2].Rounds.Add(await BothAsync(fastBesideLost[i], plan, alone.Half.PerSecond));
                }
            }
        }
        finally
        {
            never.ForEach(connection => connection.Dispose());
        }
        return new(Page(situations, plan), [], situations.ToDictionary(situation => $"{situation.Server}, {situation.Name}: p99 ms", situation => situation.Rounds.Select(round => round.Saturated.P99).ToArray()));
    }

    // At the same rate in all situations: half of what it answers alone.
    private static async Task<(Saturation Saturated, Latencies Half)> BothAsync(Contender contender, Plan plan, double? rate)
    {
        var saturated = await Measurement.SaturateAsync(contender, plan.Seconds, plan);
        return (saturated, await H2Load.AtRateAsync(contender.Server.Address, contender.Ask, rate ?? saturated.PerSecond / 2, plan.Seconds));
    }

    private static string Page(List<Situation> situations, Plan plan)
    {
        var text = new StringBuilder().AppendLine(Report.Title("Handlers that block")).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"`GET /fast` by {plan.Connections} connections, {plan.Rounds} rounds of {plan.Seconds} s: saturated (`wrk`), and at the constant rate of half of what it answers alone (`h2load --rps`). {Report.Machine()}.");
        text.AppendLine("Each figure is the median of the rounds, with the least and the most; ratios are those to the same server alone in the same round.").AppendLine();
        text.AppendLine("| server | fast route | requests / s | p99 ms saturated | ratio | p99 ms at half load | ratio |").AppendLine("|---|---|---|---|---|---|---|");
        foreach (var situation in situations)
        {
            var alone = situations.First(other => other.Server == situation.Server).Rounds;
            text.AppendLine(CultureInfo.InvariantCulture, $"| {situation.Server} | {situation.Name} | {Spread(situation.Rounds.Select(r => r.Saturated.PerSecond), "0")} | {Spread(situation.Rounds.Select(r => r.Saturated.P99))} | {Spread(situation.Rounds.Zip(alone, (a, b) => a.Saturated.P99 / b.Saturated.P99))} | {Spread(situation.Rounds.Select(r => r.Half.P99))} | {Spread(situation.Rounds.Zip(alone, (a, b) => a.Half.P99 / b.Half.P99))} |");
        }
        return text.ToString();
    }

    private static string Spread(IEnumerable<double> values, string format = "0.00")
    {
        var ordered = values.Order().ToArray();
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text(Report.Median(ordered))} ({Text(ordered[0])}–{Text(ordered[^1])})";
    }
}
