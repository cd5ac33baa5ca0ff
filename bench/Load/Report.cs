using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Tests.Support;

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
        text.AppendLine("CPU is user + system time of all of a server's processes. Each figure is the median of the rounds, with the least and the most.");
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
        text.AppendLine("| server | CPU µs / request | requests / s | p50 ms | p99 ms | RSS idle MB | RSS loaded MB | managed bytes / request |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var server in measured)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {server.Name} | {Spread(server, r => r.CpuMicroseconds, "0.00")} | {Spread(server, r => r.Load.RequestsPerSecond, "0")} | {Spread(server, r => r.Load.P50, "0.00")} | {Spread(server, r => r.Load.P99, "0.00")} | {server.IdleBytes / 1e6:0.0} | {server.LoadedBytes / 1e6:0.0} | {Allocation(server)} |");
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"| {measured[0].Name} to | CPU per request | throughput | RSS loaded |").AppendLine("|---|---|---|---|");
        foreach (var peer in measured.Skip(1))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {peer.Name} | {Ratios(measured[0], peer, r => r.CpuMicroseconds)} | {Ratios(measured[0], peer, r => r.Load.RequestsPerSecond)} | {measured[0].LoadedBytes / (double)peer.LoadedBytes:0.00} |");
        }

        text.AppendLine().AppendLine("The heads of the answers, as sent:").AppendLine();
        foreach (var (server, head) in measured.Zip(heads))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{server.Name}:").AppendLine().AppendLine("```http").AppendLine(head).AppendLine("```").AppendLine();
        }

        return text.ToString().TrimEnd() + "\n";
    }

    /// <summary>Saves it below bench/results/, one file a day of a name; the path.</summary>
    public static string Save(string name, string report)
    {
        var path = Repository.Path($"bench/results/{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-{name}.md");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, report);
        return Path.GetRelativePath(Repository.Root, path);
    }

    private static string Spread(Measured server, Func<Round, double> figure, string format)
    {
        var values = server.Rounds.Select(figure).Order().ToArray();
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text(Median(values))} ({Text(values[0])}–{Text(values[^1])})";
    }

    // The ratio within each round: what disturbed the machine then disturbed both.
    private static string Ratios(Measured ours, Measured peer, Func<Round, double> figure)
    {
        var values = ours.Rounds.Zip(peer.Rounds, (a, b) => figure(a) / figure(b)).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{Median(values):0.00} ({values[0]:0.00}–{values[^1]:0.00})");
    }

    private static string Allocation(Measured server) =>
        server.Rounds.All(round => round.AllocatedBytes is not null) ? Spread(server, round => round.AllocatedBytes!.Value, "0.00") : "not told";

    private static double Median(double[] ordered) => (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
}
