using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeGw.Load;

/// <summary>The result as Markdown: medians, their spread, and the ratio of the first server to each.</summary>
internal static class Report
{
    /// <summary>The head of a report.</summary>
    public static string Head(string title, Plan plan)
    {
        var text = new StringBuilder();
        text.AppendLine(Title(title)).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"`wrk -t1 -c{plan.Connections} -d{plan.Seconds}s`, {plan.Rounds} rounds, interleaved. {Machine()}.");
        text.AppendLine("CPU and context switches (voluntary and not) are those of all of a server's processes while saturated. Latencies are those at half of a server's own throughput of the same round,");
        text.AppendLine("asked for at a constant rate by `h2load --rps` over as many connections as keep each below 90 requests a second; a latency L longer than the pause I between two requests of its");
        text.AppendLine("connection counts again as L-I, L-2I and so on, as the requests that were not sent would have waited. Each figure is the median of the rounds, with the least and the most.");
        text.AppendLine("Servers have a worker per core (nginx `worker_processes auto`, Kore `workers`, tokio's default) and no access log, the gateway logs one answer in a hundred, its default.");
        return text.ToString();
    }

    /// <summary>A heading with the time.</summary>
    public static string Title(string title) => string.Create(CultureInfo.InvariantCulture, $"# {title}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC");

    /// <summary>Where it is measured; the load average is that of the last minute, before the load: what else the machine does.</summary>
    public static string Machine() => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores (load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}), {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");

    /// <summary>What was measured of one question.</summary>
    public static string Write(string what, IReadOnlyList<Measured> measured, IReadOnlyList<string> heads)
    {
        var text = new StringBuilder();
        text.AppendLine().AppendLine(what).AppendLine();
        text.AppendLine("| server | CPU µs / request | requests / s | p50 ms | p99 ms | p99.9 ms | switches / request | RSS idle MB | RSS loaded MB | managed bytes / request |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var server in measured)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {server.Name} | {Spread(server, r => r.CpuMicroseconds, "0.00")} | {Spread(server, r => r.Saturated.PerSecond, "0")} | {Spread(server, r => r.Half.P50, "0.00")} | {Spread(server, r => r.Half.P99, "0.00")} | {Spread(server, r => r.Half.P999, "0.00")} | {Spread(server, r => r.Switches, "0.00")} | {server.IdleBytes / 1e6:0.0} | {server.LoadedBytes / 1e6:0.0} | {Allocation(server)} |");
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"| {measured[0].Name} to | CPU per request | throughput | p99 | RSS loaded |").AppendLine("|---|---|---|---|---|");
        foreach (var peer in measured.Skip(1))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {peer.Name} | {Ratios(measured[0], peer, r => r.CpuMicroseconds)} | {Ratios(measured[0], peer, r => r.Saturated.PerSecond)} | {Ratios(measured[0], peer, r => r.Half.P99)} | {measured[0].LoadedBytes / (double)peer.LoadedBytes:0.00} |");
        }

        if (heads.Count > 0)
        {
            text.AppendLine().AppendLine("The heads of the answers, as sent:").AppendLine();
        }
        foreach (var (server, head) in measured.Zip(heads))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{server.Name}:").AppendLine().AppendLine("```http").AppendLine(head).AppendLine("```").AppendLine();
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static string Spread(Measured server, Func<Round, double> figure, string format)
    {
        var values = server.Rounds.Select(figure).Order().ToArray();
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text(Median(values))} ({Text(values[0])}–{Text(values[^1])})";
    }

    /// <summary>The ratio within each round: what disturbed the machine then disturbed both.</summary>
    public static string Ratios(Measured ours, Measured peer, Func<Round, double> figure)
    {
        var values = ours.Rounds.Zip(peer.Rounds, (a, b) => figure(a) / figure(b)).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{Median(values):0.00} ({values[0]:0.00}–{values[^1]:0.00})");
    }

    private static string Allocation(Measured server) =>
        server.Rounds.All(round => round.AllocatedBytes is not null) ? Spread(server, round => round.AllocatedBytes!.Value, "0.00") : "not told";

    /// <summary>The middle one, or between the two.</summary>
    public static double Median(double[] ordered) => (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
}
