using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeGw.EndToEnd.Tests.Defences;

/// <summary>slowhttptest, the tool of those who try it in earnest, and HTTP/2 clients that reset what they begin.</summary>
[NonParallelizable]
public sealed partial class SlowHttpTests() : OneGateway("ok1", "dump", "stream")
{
    private static readonly string[] s_heads = ["-H", "-u", "ok"];
    private static readonly string[] s_bodies = ["-B", "-s", "8192", "-t", "POST", "-u", "dump/x"];
    private static readonly string[] s_readers = ["-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-u", "stream/bytes/10000000"];

    private static IEnumerable<TestCaseData> Attacks =>
        [new TestCaseData((object)s_heads).SetArgDisplayNames("slow heads"), new TestCaseData((object)s_bodies).SetArgDisplayNames("slow bodies"), new TestCaseData((object)s_readers).SetArgDisplayNames("slow readers")];

    [TestCaseSource(nameof(Attacks))]
    public async Task Others_are_served_while_300_clients_are_slow(string[] attack)
    {
        var slow = AttackAsync(attack, connections: 300, seconds: 4);
        var served = 0;
        while (!slow.IsCompleted)
        {
            Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));
            served++;
        }
        Assert.That((await slow).Output, Does.Contain("service available"), "slowhttptest found it available");
        Assert.That(served, Is.Positive);
    }

    [Test]
    [Explicit("Three minutes, and it measures: for docs/reliability.md.")]
    public async Task Healthy_p99_is_within_twice_of_idle_under_each_attack()
    {
        var ratios = new List<string>();
        foreach (var (name, attack) in ((string, Func<CancellationToken, Task>)[])
            [
                ("slow heads", _ => AttackAsync(s_heads, 1000, 6)), ("slow bodies", _ => AttackAsync(s_bodies, 1000, 6)), ("slow readers", _ => AttackAsync(s_readers, 1000, 6)), ("rapid reset", ResetStreamsAsync),
            ])
        {
            var (idle, attacked) = (new List<double>(), new List<double>());
            for (var round = 0; round < 3; round++)
            {
                idle.Add(await P99Async());
                using var stop = new CancellationTokenSource();
                var running = Task.Run(() => attack(stop.Token));
                attacked.Add(await P99Async());
                await stop.CancelAsync();
                await running;
            }
            var (before, under) = (idle.Order().ElementAt(1), attacked.Order().ElementAt(1));
            ratios.Add(FormattableString.Invariant($"{name}: p99 {before:0.0} ms idle ({idle.Min():0.0}-{idle.Max():0.0}), {under:0.0} ms under attack ({attacked.Min():0.0}-{attacked.Max():0.0}), {under / before:0.00}"));
            await TestContext.Progress.WriteLineAsync(ratios[^1]);
        }
        Assert.That(ratios.Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)), Has.All.LessThanOrEqualTo(2), string.Join('\n', ratios));
    }

    // The last word of an attack is the path.
    private Task<CommandResult> AttackAsync(string[] attack, int connections, int seconds)
    {
        string[] how = [.. attack[..^1], new Uri(Gateway.Address, attack[^1]).ToString(), "-c", $"{connections}", "-r", $"{connections}", "-l", $"{seconds}", "-i", "1", "-p", "3"];
        return Command.RunAsync("slowhttptest", how);
    }

    private async Task<double> P99Async()
    {
        var measured = await Command.RunAsync("wrk", ["-t1", "-c8", "-d4s", "--latency", new Uri(Gateway.Address, "ok").ToString()]);
        var line = P99().Match(measured.Output);
        Assert.That(measured.Output, Does.Not.Contain("Non-2xx"));
        return double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) * (line.Groups[2].Value == "us" ? 0.001 : line.Groups[2].Value == "s" ? 1000 : 1);
    }

    private async Task ResetStreamsAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var client = await Http2Frames.OpenAsync(Gateway.Address);
            await client.SendUntilRefusedAsync(i => stop.IsCancellationRequested
                ? Http2Frames.Frame(Http2Frames.Continuation, 0, 1, []) // no frame may come here, so it ends
                : [.. Http2Frames.Frame(Http2Frames.Headers, Http2Frames.EndStream | Http2Frames.EndHeaders, (2 * i) + 1, Http2Frames.Get("/ok")), .. Http2Frames.Frame(Http2Frames.Reset, 0, (2 * i) + 1, [0, 0, 0, 8])]);
        }
    }

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex P99();
}
