using System.Diagnostics;
using System.Globalization;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>One handler does the worst it can while another serves. The figures are printed; with FAULT_TABLE=FILE each is added to that file as a row of docs/reliability.md's table.</summary>
[NonParallelizable]
public sealed class FaultTests
{
    private const int Clients = 2;

    // Only the count decides, not how long ago the deploy was.
    private static readonly string[] Counting = ["--set", "Crashes:ProbationSeconds=0", "--set", "Crashes:ProbationRequests=0", "--set", "Crashes:WindowSeconds=3600", "--set", "Worker:StopTimeoutMs=2000"];

    [TestCase("wild", "writes to an address that is not mapped")]
    [TestCase("call", "calls a null function")]
    [TestCase("abort", "`abort()`")]
    [TestCase("stack", "stack overflow")]
    [TestCase("exit", "`_exit(3)`")]
    [TestCase("end", "`exit(0)`")]
    [TestCase("thread", "wild write on a thread of its own")]
    [TestCase("later", "the same, after the answer was sent")]
    [TestCase("memory", "uses what `malloc` did not give")]
    [TestCase("close", "closes every descriptor")]
    [TestCase("signals", "takes SIGSEGV for itself, ends with `_exit(9)`")]
    [TestCase("cancel", "wild write in its cancellation callback")]
    [TestCase("posted", "wild write in work that it posted")]
    [TestCase("past", "writes past the end of its response span")]
    [TestCase("leak", "`malloc` without end, with `Worker:MemoryBytes`", "--set", "Worker:MemoryBytes=134217728")]
    public async Task A_crash_costs_the_healthy_route_what_is_under_way_and_the_third_takes_the_version_back(string way, string words, params string[] settings)
    {
        var report = await CrashAsync(Repository.Fixture("crash-safe"), Repository.Fixture("crash2"), "crash", "2.0.0", $"/crash/{way}", words, settings);
        if (way == "wild")
        {
            Assert.That(report.GetProperty("nativeStack")[0].GetString(), Does.Match(@"^crash 2\.0\.0 \+0x[0-9a-f]+ (wild|handle)\+0x"), "the function is named");
        }
    }

    [TestCase("fail-fast", "`Environment.FailFast` (C#)")]
    [TestCase("thread-throw", "unhandled exception on a thread of its own (C#)")]
    [TestCase("recurse", "stack overflow (C#)")]
    public async Task A_crash_of_a_NativeAOT_handler_is_no_different_and_its_own_words_are_kept(string way, string words)
    {
        var report = await CrashAsync(null, Repository.Fixture("Managed"), "managed", null, $"/managed/{way}", words);
        // NativeAOT says nothing about a stack that is used up.
        Assert.That(report.GetProperty("managedStack").GetArrayLength(), way == "recurse" ? Is.Zero : Is.Positive, report.ToString());
    }

    [TestCase("load", "ends the process while it is loaded, at a restart")]
    [TestCase("init", "wild write in its init, at a restart")]
    [TestCase("hang-load", "does not come out of its load at a restart (`Handlers:LoadTimeoutMs` 3,000)")]
    [TestCase("hang-init", "does not come out of its init at a restart (the same)")]
    public async Task A_version_that_does_it_in_its_start_is_left_out_and_the_others_serve(string place, string words)
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await Gateway.StartAsync(new() { Arguments = [.. Counting, "--set", "Handlers:LoadTimeoutMs=3000"] });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("crash-safe"));
        await gateway.DeployAsync(Repository.Fixture("crash2"), "--set", $"crash-in={place}", "--set", $"while={folder["trip"]}");
        await using var load = new HealthyLoad(gateway.Address, Clients);
        await load.FlowsAsync();
        await File.WriteAllTextAsync(folder["trip"], "");
        var since = Stopwatch.GetTimestamp();

        Gateway.Kill(await gateway.WorkerPidAsync());

        await QuarantinedAsync(gateway);
        await load.FlowsAsync();
        await load.StopAsync();
        var crashes = (await CrashesAsync(gateway)).EnumerateArray().ToList();
        Row(words, crashes[0].GetProperty("cause").GetString()!, load.LongestGap(since), load.Failed, "crash");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(await RawConnection.ExchangeAsync(gateway.Address, "GET /crash/not HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), Does.EndWith("alive 1\n"), "back to the version before");
        Assert.That(crashes.Select(crash => crash.GetProperty("handler").GetString()), Is.EqualTo(new[] { "crash", null }), "the kill from outside is nobody's");
        Assert.That(load.Refused, Is.Zero);
        Assert.That(load.Failed, Is.LessThanOrEqualTo(load.Clients), load.Failures);
    }

    [Test]
    public async Task A_version_that_dies_of_being_replaced_is_named_and_its_successor_serves()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["trip"], "");
        await using var gateway = await Gateway.StartAsync();
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("crash"), "--set", "crash-in=drain", "--set", $"while={folder["trip"]}");
        await using var load = new HealthyLoad(gateway.Address, Clients);
        await load.FlowsAsync();
        var since = Stopwatch.GetTimestamp();
        await gateway.DeployAsync(Repository.Fixture("crash2"));
        var report = await ReportAsync(gateway, 1);
        await load.FlowsAsync();
        await load.StopAsync();
        Row("`abort()` in its drain, when it is replaced", report.GetProperty("cause").GetString()!, load.LongestGap(since), load.Failed, "crash (thread)");
        using var scope = Assert.EnterMultipleScope();
        Assert.That((await CrashesAsync(gateway))[0].GetProperty("version").GetString(), Is.EqualTo("1.0.0"));
        Assert.That(await RawConnection.ExchangeAsync(gateway.Address, "GET /crash/not HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), Does.EndWith("alive 2\n"));
        Assert.That((await gateway.StatusAsync()).GetProperty("quarantine").GetArrayLength(), Is.Zero, "nothing to take out of service");
        Assert.That(load.Refused, Is.Zero);
        Assert.That(load.Failed, Is.LessThanOrEqualTo(load.Clients), load.Failures);
    }

    [TestCase("crash/not", 200, "answers, for comparison")]
    [TestCase("unruly/threads", 200, "starts 1,000 threads")]
    [TestCase("unruly/fork", 0, "forks, and both return")]
    [TestCase("unruly/setenv", 200, "`setenv` on 8 threads at once")]
    [TestCase("unruly/signals", 200, "takes SIGSEGV, SIGTERM and SIGCHLD for itself, and returns")]
    [TestCase("unruly/loop", 504, "never comes out of a loop")]
    [TestCase("unruly/deadlock", 504, "locks a mutex twice")]
    [TestCase("managed/hoard", 503, "fills its heap (C#)")]
    [TestCase("managed/throw", 500, "throws at the boundary (C#)")]
    [TestCase("never", 504, "never completes")]
    [TestCase("twice", 200, "completes twice")]
    [TestCase("late", 200, "goes on after it has completed")]
    public async Task What_does_not_kill_the_worker_costs_the_healthy_route_nothing(string path, int status, string words)
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = [.. Counting, "--set", "Limits:DeadlineMs=500"] });
        foreach (var fixture in (string[])["ok1", path.Split('/')[0] switch { "crash" => "crash", "unruly" => "unruly", "managed" => "Managed", _ => "rude" }])
        {
            // Only what is to be late has the short deadline: a slow machine meets it as well. The child that a fork makes is let be.
            string[] patient = fixture == "ok1" || status is not (0 or 504) ? ["--deadline", "60s"] : [];
            await gateway.DeployAsync(Repository.Fixture(fixture), path == "managed/hoard" ? ["--heap", "48MB", .. patient] : patient);
        }
        await using var load = new HealthyLoad(gateway.Address, Clients);
        await load.FlowsAsync();
        using var client = Http.Http11(gateway.Address);
        var since = Stopwatch.GetTimestamp();
        var answered = 0;
        try
        {
            using var response = await client.GetAsync("/" + path);
            answered = (int)response.StatusCode;
        }
        catch (HttpRequestException) when (status == 0)
        {
            // Both processes have the connection: who answers first is not known.
        }
        await load.FlowsAsync(100);
        var gap = load.LongestGap(since);
        await load.StopAsync();
        Row(words, status == 0 ? "the child ends when it returns" : $"answered {answered}", gap, load.Failed, "nobody died");

        // A child that was forked ends a moment after the answer.
        await Eventually.TrueAsync(() => Task.FromResult(Workers(gateway).Count == 1), () => $"no other process is left in the worker's place\n{gateway.Error}");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(status == 0 ? status : answered, Is.EqualTo(status));
        Assert.That(load.Failed, Is.Zero, load.Failures);
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.Zero);
    }

    private static async Task<JsonElement> CrashAsync(string? good, string culprit, string name, string? version, string path, string words, params string[] settings)
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = [.. Counting, .. settings] });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        if (good is not null)
        {
            await gateway.DeployAsync(good);
        }
        await gateway.DeployAsync(culprit);
        await using var load = new HealthyLoad(gateway.Address, Clients);
        await load.FlowsAsync();
        JsonElement report = default;
        var gaps = new List<double>();
        for (var crash = 1; crash <= 3; crash++)
        {
            var since = Stopwatch.GetTimestamp();
            await RawConnection.ExchangeAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            report = await ReportAsync(gateway, crash);
            await load.FlowsAsync(100);
            gaps.Add(load.LongestGap(since));
        }
        await QuarantinedAsync(gateway);
        await load.StopAsync();
        var suspects = string.Join(", ", report.GetProperty("suspects").EnumerateArray().Select(s => $"{s.GetProperty("handler").GetString()} ({s.GetProperty("evidence").GetString()})"));
        Row(words, report.GetProperty("cause").GetString()!, gaps.Max(), load.Failed, suspects);

        var quarantine = (await gateway.StatusAsync()).GetProperty("quarantine")[0];
        var safe = await RawConnection.ExchangeAsync(gateway.Address, $"GET {(good is null ? path : "/crash/not")} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(load.Refused, Is.Zero, load.Failures);
        Assert.That(load.Failed, Is.LessThanOrEqualTo(3 * Clients), load.Failures);
        Assert.That((quarantine.GetProperty("handler").GetString(), version ?? quarantine.GetProperty("version").GetString()), Is.EqualTo((name, quarantine.GetProperty("version").GetString())));
        Assert.That(quarantine.GetProperty("crash").GetInt64(), Is.EqualTo(3), report.ToString());
        Assert.That(safe, good is null ? Does.StartWith("HTTP/1.1 503").And.Contain("is quarantined") : Does.EndWith("alive 1\n"));
        return report;
    }

    private static async Task<JsonElement> ReportAsync(Gateway gateway, int crash)
    {
        JsonElement report = default;
        await Eventually.TrueAsync(
            async () =>
            {
                // It is listed at once and finished a moment later.
                var isFinished = File.Exists(Path.Combine(gateway.State, "crashes", string.Create(CultureInfo.InvariantCulture, $"{crash:d10}.json")));
                using var response = await gateway.Control.GetAsync($"/api/v1/crashes/{crash}");
                report = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
                return isFinished;
            },
            () => $"crash {crash} is reported\n{gateway.Error}");
        return report;
    }

    private static async Task<JsonElement> CrashesAsync(Gateway gateway) => JsonDocument.Parse(await gateway.Control.GetStringAsync("/api/v1/crashes")).RootElement.GetProperty("crashes");

    private static Task QuarantinedAsync(Gateway gateway) => Eventually.TrueAsync(
        async () => (await gateway.StatusAsync()).GetProperty("quarantine").GetArrayLength() == 1, () => $"the version is quarantined\n{gateway.Error}");

    private static List<string> Workers(Gateway gateway) =>
        [.. Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Where(folder =>
        {
            try
            {
                var arguments = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
                return arguments is [_, "worker", ..] && arguments.Contains(gateway.State);
            }
            catch (IOException)
            {
                return false;
            }
        })];

    private static void Row(string fault, string what, double gap, int failed, string suspects)
    {
        var row = string.Create(CultureInfo.InvariantCulture, $"| {fault} | {what} | {gap:0.0} | {failed} | {suspects} |");
        TestContext.Out.WriteLine(row);
        if (Environment.GetEnvironmentVariable("FAULT_TABLE") is { Length: > 0 } file)
        {
            File.AppendAllText(file, row + "\n");
        }
    }
}
