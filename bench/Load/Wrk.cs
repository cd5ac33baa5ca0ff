using System.Globalization;
using System.Text.RegularExpressions;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>What one run of wrk saw. Latencies in milliseconds.</summary>
internal sealed partial record Wrk(long Requests, double RequestsPerSecond, double P50, double P99)
{
    /// <summary>One client thread, so that the other core is the server's.</summary>
    public static async Task<Wrk> RunAsync(Uri url, int seconds, int connections)
    {
        var run = await Command.RunAsync("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", url.ToString()], timeout: TimeSpan.FromSeconds(seconds + 30));
        var match = Figures().Match(run.Output);
        if (run.ExitCode != 0 || !match.Success || run.Output.Contains("Socket errors", StringComparison.Ordinal) || run.Output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"wrk {url}: {run}");
        }

        double Number(string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        double Milliseconds(string group) => Number(group) * match.Groups[group + "unit"].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
        return new((long)Number("requests"), Number("rate"), Milliseconds("p50"), Milliseconds("p99"));
    }

    [GeneratedRegex(@"50%\s+(?<p50>[\d.]+)(?<p50unit>\w+).*99%\s+(?<p99>[\d.]+)(?<p99unit>\w+).*?(?<requests>\d+) requests in.*Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.Singleline)]
    private static partial Regex Figures();
}
