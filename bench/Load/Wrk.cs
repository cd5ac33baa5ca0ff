using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>As much as a server answers when its clients ask again at once.</summary>
/// <param name="Requests">Answered well.</param>
/// <param name="PerSecond">The same per second.</param>
/// <param name="P50">Milliseconds; of a client that waits for its server before it asks again.</param>
/// <param name="P99">Milliseconds, likewise.</param>
internal sealed record Saturation(long Requests, double PerSecond, double P50, double P99);

/// <summary>The load over HTTP/1.1.</summary>
internal static partial class Wrk
{
    /// <summary>One client thread, so that the other core is the server's.</summary>
    public static async Task<Saturation> RunAsync(Uri address, Ask ask, double seconds, int connections)
    {
        using var folder = new TemporaryFolder();
        List<string> script = ask.Body is null && ask.Headers.Count == 0 && ask.Paths.Count == 1 ? [] : ["-s", Script(ask, folder)];
        var whole = ((int)Math.Ceiling(seconds)).ToString(CultureInfo.InvariantCulture);
        var run = await Command.RunAsync("wrk", ["-t1", $"-c{connections}", $"-d{whole}s", "--latency", .. script, new Uri(address, ask.Paths[0]).ToString()], timeout: TimeSpan.FromSeconds(seconds + 30));
        var match = Figures().Match(run.Output);
        if (run.ExitCode != 0 || !match.Success || run.Output.Contains("Socket errors", StringComparison.Ordinal) || run.Output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"wrk {address} {ask.Paths[0]}: {run}");
        }

        double Number(string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        double Milliseconds(string group) => Number(group) * match.Groups[group + "unit"].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
        return new((long)Number("requests"), Number("rate"), Milliseconds("p50"), Milliseconds("p99"));
    }

    // Requests are formatted before the load begins; with one path wrk does that by itself.
    private static string Script(Ask ask, TemporaryFolder folder)
    {
        var lua = new StringBuilder();
        foreach (var (name, value) in ask.Headers)
        {
            lua.AppendLine(CultureInfo.InvariantCulture, $"wrk.headers[\"{name}\"] = \"{value}\"");
        }
        if (ask.Body is not null)
        {
            File.WriteAllBytes(folder["body"], ask.Body);
            lua.AppendLine("wrk.method = \"POST\"").AppendLine(CultureInfo.InvariantCulture, $"local file = io.open(\"{folder["body"]}\", \"rb\")").AppendLine("wrk.body = file:read(\"*a\")").AppendLine("file:close()");
        }
        if (ask.Paths.Count > 1)
        {
            lua.AppendLine(CultureInfo.InvariantCulture, $"local paths = {{ {string.Join(", ", ask.Paths.Select(path => $"\"{path}\""))} }}");
            lua.AppendLine("local requests, at = {}, 0").AppendLine("init = function() for i, path in ipairs(paths) do requests[i] = wrk.format(nil, path) end end");
            lua.AppendLine("request = function() at = at % #requests + 1 return requests[at] end");
        }
        return folder.Write("script.lua", lua.ToString());
    }

    [GeneratedRegex(@"50%\s+(?<p50>[\d.]+)(?<p50unit>\w+).*99%\s+(?<p99>[\d.]+)(?<p99unit>\w+).*?(?<requests>\d+) requests in.*Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.Singleline)]
    private static partial Regex Figures();
}
