using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>Latencies at a constant rate, in milliseconds.</summary>
/// <param name="PerSecond">The rate asked for.</param>
/// <param name="P50">Half took no longer.</param>
/// <param name="P99">One in a hundred took longer.</param>
/// <param name="P999">One in a thousand took longer.</param>
internal sealed record Latencies(double PerSecond, double P50, double P99, double P999);

/// <summary>The load over HTTP/2, and the load at a constant rate over both.</summary>
internal static partial class H2Load
{
    // h2load looks at its clocks a hundred times a second: a connection that has to ask more often asks in bursts.
    private const double PerConnection = 90;

    private const int FewestConnections = 8;
    private const int MostConnections = 640;

    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(300);

    /// <summary>All streams of a few connections, always under way.</summary>
    public static async Task<Saturation> SaturateAsync(Uri address, Ask ask, double seconds, int connections)
    {
        using var folder = new TemporaryFolder();
        var log = folder["log"];
        var whole = ((int)Math.Ceiling(seconds)).ToString(CultureInfo.InvariantCulture);
        var run = await RunAsync(address, ask, folder, seconds, ["-t1", $"-c{connections}", $"-m{ask.Http2Streams}", "-D", whole, "--log-file", log]);
        var taken = Taken(await RowsAsync(log));
        if (Finished().Match(run.Output) is not { Success: true } match)
        {
            throw new InvalidOperationException($"h2load {address}: {run}");
        }
        return new(taken.Length, double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), At(taken, 0.5), At(taken, 0.99));
    }

    /// <summary>Requests at a constant rate, over as many connections as keep each below h2load's own clock, opened one a millisecond so that they do not ask all at once.</summary>
    /// <remarks>A connection that still waits when its next request is due asks late, and what it would have waited is not in its figure (coordinated omission). As HdrHistogram does, each latency L that is
    /// longer than the pause I between two requests of a connection counts once more as L-I, L-2I and so on.</remarks>
    public static async Task<Latencies> AtRateAsync(Uri address, Ask ask, double rate, double seconds)
    {
        using var folder = new TemporaryFolder();
        var log = folder["log"];
        var connections = Math.Clamp((int)Math.Ceiling(rate / PerConnection), FewestConnections, MostConnections);
        var ramp = TimeSpan.FromMilliseconds(connections) + s_settling;
        var each = Math.Max(2, (int)(rate / connections * (seconds + ramp.TotalSeconds)));
        var perConnection = (rate / connections).ToString("0.####", CultureInfo.InvariantCulture);
        await RunAsync(address, ask, folder, seconds, ["-t1", $"-c{connections}", "-m1", "-r1", "--rate-period=1ms", $"--rps={perConnection}", "-n", $"{connections * each}", "--log-file", log]);
        var rows = await RowsAsync(log);
        // Neither while connections are still opened nor when the first are done.
        var first = rows.Min(row => row.Start) + (long)ramp.TotalMicroseconds;
        var taken = Taken([.. rows.Where(row => row.Start >= first && row.Start < first + (long)(seconds * 1e6))]);
        var pause = connections / rate * 1000;
        var all = taken.SelectMany(value => Enumerable.Range(0, 1 + (int)(value / pause)).Select(missed => value - (missed * pause))).Order().ToArray();
        return all.Length == 0 ? throw new InvalidOperationException($"h2load {address}: no request in the time that counts.") : new(rate, At(all, 0.5), At(all, 0.99), At(all, 0.999));
    }

    private static async Task<CommandResult> RunAsync(Uri address, Ask ask, TemporaryFolder folder, double seconds, string[] arguments)
    {
        List<string> all = [.. arguments, .. ask.Http2Streams > 0 ? [] : (string[])["--h1"], .. ask.Headers.SelectMany(header => (string[])["-H", $"{header.Key}: {header.Value}"])];
        if (ask.Body is not null)
        {
            await File.WriteAllBytesAsync(folder["body"], ask.Body);
            all.AddRange(["-d", folder["body"]]);
        }
        await File.WriteAllLinesAsync(folder["uris"], ask.Paths.Select(path => new Uri(address, path).ToString()));
        var run = await Command.RunAsync("h2load", [.. all, "-i", folder["uris"]], timeout: TimeSpan.FromSeconds(seconds + 60));
        return run.ExitCode == 0 ? run : throw new InvalidOperationException($"h2load {address}: {run}");
    }

    private static async Task<(long Start, double Milliseconds)[]> RowsAsync(string log)
    {
        // Start, status, microseconds.
        var rows = (await File.ReadAllLinesAsync(log)).Select(line => line.Split('\t')).ToList();
        return rows.Count == 0 || rows.Exists(row => row[1] != "200")
            ? throw new InvalidOperationException($"h2load: {rows.Count(row => row[1] != "200")} of {rows.Count} answers were not 200.")
            : [.. rows.Select(row => (long.Parse(row[0], CultureInfo.InvariantCulture), double.Parse(row[2], CultureInfo.InvariantCulture) / 1000))];
    }

    private static double[] Taken((long Start, double Milliseconds)[] rows) => [.. rows.Select(row => row.Milliseconds).Order()];

    private static double At(double[] ordered, double share) => ordered[Math.Min(ordered.Length - 1, (int)(ordered.Length * share))];

    [GeneratedRegex(@"finished in [\d.]+\w+, ([\d.]+) req/s")]
    private static partial Regex Finished();
}
