using System.Diagnostics;

namespace EdgeGw.EndToEnd.Tests.Isolation;

/// <summary>Versions on trial, under load.</summary>
[NonParallelizable]
public sealed class CanaryTests
{
    private const int Clients = 2;
    private const string Version1 = "{\"version\":1}";
    private const string Version2 = "{\"version\":2}";

    [Test]
    public async Task A_crashing_canary_is_aborted_by_itself_and_nothing_fails_outside_its_share()
    {
        // Only its death is to speak against it: not how long its requests took here, nor those that its death has broken off.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Canary:MinRequests=1000000"] });
        await gateway.DeployAsync(Repository.Fixture("trial1"));
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await using var load = SteadyLoad.Start(gateway.Address, "/trial", body => body is Version1 or Version2, Clients);
        await using var other = SteadyLoad.Start(gateway.Address, "/ok", body => body == Version1, 1);
        await load.MoreAsync(200);
        var watch = Stopwatch.StartNew();

        await gateway.DeployAsync(Repository.Fixture("trial2"), "--canary", "5%", "--set", "crash-every=50");
        await AbortedAsync(gateway);
        var aborted = watch.Elapsed;

        await load.MoreAsync(300);
        // How long it took is for the page of figures to say.
        TestContext.Out.WriteLine($"aborted {aborted.TotalMilliseconds:0} ms after its deploy; beside it {await load.StopAsync()}; on another route {await other.StopAsync()}");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(other.Failures, Is.Empty, "another handler's requests");
        Assert.That(load.Failures, Has.Count.LessThanOrEqualTo(3 * Clients), "only what the canary had: a request of each client at most");
        Assert.That(load.Failures, Has.All.Contains("The worker of the handler trial ended while it had this request"), "and nothing else failed");
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.Zero, "the shared worker is the same");
        Assert.That((await gateway.Cli.RunAsync("canary")).Output, Does.Contain("abort the canary trial 2.0.0: its worker died (signal 11"));
        Assert.That((await gateway.Cli.RunAsync("history", "--limit", "1")).Output, Does.Contain("its worker died"));
        Assert.That((await gateway.Cli.RunAsync("crashes")).Output, Does.Contain("trial 2.0.0"));
        Assert.That(gateway.Error.ToString(), Does.Contain("The canary trial 2.0.0 is aborted"));
    }

    [TestCase("sleep-ms=200", "its median is", TestName = "A_slow_canary_is_aborted_by_itself")]
    [TestCase("fail-every=2", "of its", TestName = "A_failing_canary_is_aborted_by_itself")]
    public async Task A_canary_worse_than_its_bounds_is_aborted_by_itself(string setting, string reason)
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Canary:MinRequests=20", "--set", "Canary:LatencySlackMs=50", "--set", "Canary:MaxErrorRate=0.1"] });
        await gateway.DeployAsync(Repository.Fixture("trial1"));
        await using var load = SteadyLoad.Start(gateway.Address, "/trial", body => body is Version1 or Version2, Clients);

        await gateway.DeployAsync(Repository.Fixture("trial2"), "--canary", "30%", "--set", setting);
        await AbortedAsync(gateway);

        TestContext.Out.WriteLine(await load.StopAsync());
        Assert.That((await gateway.Cli.RunAsync("canary")).Output, Does.Contain("abort the canary trial 2.0.0: ").And.Contain(reason));
        Assert.That(load.Failures, setting.StartsWith("sleep", StringComparison.Ordinal) ? Is.Empty : Has.All.Contains("\"status\":500"));
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("isolated").GetArrayLength() == 0, () => "its worker is gone");
    }

    [Test]
    public async Task A_canary_is_promoted_into_the_shared_worker_or_aborted_by_hand_without_losing_a_request()
    {
        // Whatever this machine does beside it, nothing shall speak against it.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Canary:LatencySlackMs=60000"] });
        await gateway.DeployAsync(Repository.Fixture("trial1"));
        using var client = Http.Http11(gateway.Address);
        await using var load = SteadyLoad.Start(gateway.Address, "/trial", body => body is Version1 or Version2, Clients);
        await CanaryAsync("50%");
        await load.MoreAsync(200);
        var shown = await gateway.Cli.RunAsync("canary");
        Assert.That(shown.Output, Does.Contain("2.0.0 (canary)").And.Contain("50%"), $"{shown}");
        var twice = await gateway.Cli.RunAsync("deploy", Repository.Fixture("trial1"), "--set", "other=1");
        Assert.That(twice.ExitCode, Is.EqualTo(1), $"{twice}");
        Assert.That(twice.Error, Does.Contain("is on trial as a canary"));

        Assert.That((await gateway.Cli.RunAsync("abort", "trial")).ExitCode, Is.Zero);
        Assert.That(await client.GetStringAsync("/trial"), Is.EqualTo(Version1));
        await CanaryAsync("10%");
        Assert.That((await gateway.Cli.RunAsync("promote", "trial")).ExitCode, Is.Zero);

        Assert.That(await client.GetStringAsync("/trial"), Is.EqualTo(Version2));
        await load.MoreAsync(200);
        TestContext.Out.WriteLine(await load.StopAsync());
        Assert.That(load.Failures, Is.Empty);
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("isolated").GetArrayLength() == 0, () => $"it runs in the shared worker\n{gateway.Error}");
        Assert.That((await gateway.Cli.RunAsync("rollback", "trial")).ExitCode, Is.Zero);
        Assert.That(await client.GetStringAsync("/trial"), Is.EqualTo(Version1));
        Assert.That((await gateway.Cli.RunAsync("promote", "trial")).Error, Does.Contain("No canary of a handler 'trial' runs"));

        async Task CanaryAsync(string share) => await gateway.DeployAsync(Repository.Fixture("trial2"), "--canary", share);
    }

    [Test]
    public async Task A_canary_that_nothing_speaks_against_is_promoted_by_itself()
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Canary:LatencySlackMs=60000", "--set", "Canary:MinRequests=10"] });
        await gateway.DeployAsync(Repository.Fixture("trial1"));
        await using var load = SteadyLoad.Start(gateway.Address, "/trial", body => body is Version1 or Version2, Clients);
        await gateway.DeployAsync(Repository.Fixture("trial2"), "--canary", "50%", "--promote-after", "2s");

        await Eventually.TrueAsync(async () => await VersionAsync(gateway) == "2.0.0", () => $"it is promoted\n{gateway.Error}");

        await load.MoreAsync(100);
        TestContext.Out.WriteLine(await load.StopAsync());
        Assert.That(load.Failures, Is.Empty);
        Assert.That((await gateway.Cli.RunAsync("canary")).Output, Does.Contain("promote trial 2.0.0: nothing spoke against it for 2 s"));
    }

    [Test]
    public async Task A_canary_goes_on_over_a_reload_an_upgrade_and_the_death_of_the_shared_worker()
    {
        using var folder = new TemporaryFolder();
        var program = Install(folder);
        await using var gateway = await Gateway.StartAsync(new() { Program = program, Arguments = ["--set", "Canary:LatencySlackMs=60000"] });
        await gateway.DeployAsync(Repository.Fixture("trial1"));
        await using var load = SteadyLoad.Start(gateway.Address, "/trial", body => body is Version1 or Version2, Clients);
        await gateway.DeployAsync(Repository.Fixture("trial2"), "--canary", "50%");
        await ServesBothAsync(gateway);

        Assert.That((await gateway.Cli.RunAsync("reload")).ExitCode, Is.Zero);
        await ServesBothAsync(gateway);
        await load.MoreAsync(100);
        var upgrade = await gateway.Cli.RunAsync("upgrade");
        Assert.That(upgrade.ExitCode, Is.Zero, $"{upgrade}\n{gateway.Error}");
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("control").GetProperty("upgrades").GetInt32() == 1, () => $"control is replaced\n{gateway.Error}");
        await ServesBothAsync(gateway);
        await load.MoreAsync(100);
        TestContext.Out.WriteLine(await load.StopAsync());
        Assert.That(load.Failures, Is.Empty);

        Gateway.Kill(await gateway.WorkerPidAsync());
        await ServesBothAsync(gateway);
        Assert.That((await gateway.Cli.RunAsync("canary")).Output, Does.Contain("2.0.0 (canary)"));
    }

    // The published program in a folder of its own, so that it can be upgraded to itself.
    private static string Install(TemporaryFolder folder)
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Repository.GatewayBinary)!).Where(file => !file.EndsWith(".dbg", StringComparison.Ordinal)))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }
        return folder[Path.GetFileName(Repository.GatewayBinary)];
    }

    private static async Task ServesBothAsync(Gateway gateway)
    {
        var seen = new HashSet<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var client = Http.Http11(gateway.Address);
                    seen.Add(await client.GetStringAsync("/trial"));
                }
                catch (HttpRequestException)
                {
                    // the worker was just killed
                }
                return seen.Contains(Version1) && seen.Contains(Version2);
            },
            () => $"both versions answer\n{gateway.Error}");
    }

    private static Task AbortedAsync(Gateway gateway) => Eventually.TrueAsync(
        async () =>
        {
            var canaries = JsonDocument.Parse(await gateway.Control.GetStringAsync("/api/v1/canaries")).RootElement;
            return canaries.GetProperty("canaries").GetArrayLength() == 0 && canaries.GetProperty("ended").EnumerateArray().Any(end => end.GetProperty("outcome").GetString() == "abort");
        },
        () => $"the canary is aborted\n{gateway.Error}");

    private static async Task<string?> VersionAsync(Gateway gateway) => (await gateway.StatusAsync()).GetProperty("handlers")[0].GetProperty("version").GetString();
}
