namespace EdgeGw.EndToEnd.Tests;

/// <summary>A version that kills the worker is taken out of service, and what it takes to bring it back.</summary>
[NonParallelizable]
public sealed class QuarantineTests
{
    [Test]
    public async Task With_no_version_before_it_the_routes_answer_503_with_the_reason_until_somebody_forces_it_or_deploys_another()
    {
        using var folder = new TemporaryFolder();
        // Long enough that this machine is never too slow for it.
        var options = new GatewayOptions { State = folder["state"], Arguments = ["--set", "Crashes:ProbationSeconds=3600"] };
        await using (var gateway = await Gateway.StartAsync(options))
        {
            await gateway.DeployAsync(Repository.Fixture("ok1"));
            await gateway.DeployAsync(Repository.Fixture("crash"));
            await DieAsync(gateway, "/crash/wild");
            await QuarantinedAsync(gateway, 1);
            using var client = Http.Http11(gateway.Address);
            using var response = await client.GetAsync("/crash/not");
            var body = await response.Content.ReadAsStringAsync();
            var refused = await gateway.Cli.RunAsync("deploy", Repository.Fixture("crash"));
            var status = await gateway.Cli.RunAsync("status");
            var routes = await gateway.Cli.RunAsync("routes");
            var list = await gateway.Cli.RunAsync("crashes");
            var detail = await gateway.Cli.RunAsync("crashes", "1");
            var metrics = await gateway.Control.GetStringAsync("/metrics");
            using var scope = Assert.EnterMultipleScope();
            Assert.That((response.StatusCode, response.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "application/problem+json")));
            Assert.That(body, Does.Contain("crash 1.0.0 is quarantined").And.Contain("(crash 1)"));
            Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
            Assert.That((await gateway.Control.GetAsync("/readyz")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "the others are served");
            Assert.That(refused.ExitCode, Is.EqualTo(1));
            Assert.That(refused.Error, Does.Contain("--force"));
            Assert.That(status.Output, Does.Contain("quarantined: crash 1.0.0 is quarantined"));
            Assert.That(routes.Output, Does.Match("GET +\\* +/crash/not .*quarantined").And.Match("GET +\\* +/ok .*live"));
            Assert.That(list.Output, Does.Match("1 .*crash 1.0.0 .*SIGSEGV"));
            Assert.That(detail.Output, Does.Match("crash +1.0.0 +thread +1 +handle"));
            Assert.That(metrics, Does.Contain("edgegw_control_worker_crashes_total{handler=\"crash\",version=\"1.0.0\"} 1\n").And.Contain("edgegw_control_quarantines_total{handler=\"crash\",version=\"1.0.0\"} 1\n"));
        }

        await using var again = await Gateway.StartAsync(options);
        Assert.That(await StatusOfAsync(again, "/crash/not"), Is.EqualTo(503), "a new control knows");
        Assert.That((await again.Cli.RunAsync("deploy", Repository.Fixture("crash"), "--force")).ExitCode, Is.Zero);
        Assert.That(await StatusOfAsync(again, "/crash/not"), Is.EqualTo(200));
        await DieAsync(again, "/crash/abort");
        await QuarantinedAsync(again, 1);
        await again.DeployAsync(Repository.Fixture("crash2"));
        Assert.That(await StatusOfAsync(again, "/crash/not"), Is.EqualTo(200));
        Assert.That((await again.StatusAsync()).GetProperty("quarantine").GetArrayLength(), Is.Zero, "a new version lifts it");
    }

    [Test]
    public async Task One_crash_is_enough_within_the_first_requests_after_a_deploy_and_not_after_them()
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Crashes:ProbationSeconds=0", "--set", "Crashes:ProbationRequests=5"] });
        await gateway.DeployAsync(Repository.Fixture("crash"));
        for (var i = 0; i < 5; i++)
        {
            Assert.That(await StatusOfAsync(gateway, "/crash/not"), Is.EqualTo(200));
        }
        await DieAsync(gateway, "/crash/wild");
        await Eventually.TrueAsync(async () => await TextAsync(gateway, "/crash/not") is var text && text.EndsWith("alive 1\n", StringComparison.Ordinal), () => $"the version serves again\n{gateway.Error}");
        Assert.That((await gateway.StatusAsync()).GetProperty("quarantine").GetArrayLength(), Is.Zero, "its sixth request was its death");
        await gateway.DeployAsync(Repository.Fixture("crash2"));
        await DieAsync(gateway, "/crash/wild");
        await QuarantinedAsync(gateway, 1);
        Assert.That(await TextAsync(gateway, "/crash/not"), Does.EndWith("alive 1\n"), "back to the version before");
        Assert.That((await gateway.Cli.RunAsync("crashes", "2")).Output, Does.Contain("at request 1 after its deploy"));
    }

    [Test]
    public async Task What_a_handler_misses_at_a_restart_costs_the_others_nothing_and_it_serves_as_soon_as_that_is_there()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Handlers:RetryMs=200"] });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("crash"), "--set", "crash-in=refuse", "--set", $"while={folder["trip"]}");
        await File.WriteAllTextAsync(folder["trip"], "");
        Gateway.Kill(await gateway.WorkerPidAsync());
        Assert.That(await TextAsync(gateway, "/crash/not"), Does.StartWith("HTTP/1.1 503").And.Contain("could not be loaded"));
        // The worker serves before control knows it: the reason comes with the worker's first status.
        await Eventually.TrueAsync(async () => (await gateway.Cli.RunAsync("status")).Output.Contains("what it needs is not there", StringComparison.Ordinal), () => $"the reason is told\n{gateway.Error}");

        await gateway.DeployAsync(Repository.Fixture("ok2"));
        Assert.That(await TextAsync(gateway, "/ok"), Does.EndWith("{\"version\":2}"), "another handler's deploy");
        Assert.That((await gateway.Cli.RunAsync("reload")).ExitCode, Is.Zero, "a hand-over");
        Assert.That(await TextAsync(gateway, "/crash/not"), Does.StartWith("HTTP/1.1 503"));
        Assert.That((await gateway.Cli.RunAsync("deploy", Repository.Fixture("crash"), "--set", "crash-in=refuse", "--set", $"while={folder["trip"]}", "--drain", "1s")).ExitCode, Is.EqualTo(1), "its own change is refused");

        File.Delete(folder["trip"]);
        await Eventually.TrueAsync(async () => (await TextAsync(gateway, "/crash/not")).EndsWith("alive 1\n", StringComparison.Ordinal), () => $"it is tried again\n{gateway.Error}");
        Assert.That((await gateway.Control.GetAsync("/readyz")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_words_of_the_worker_still_reach_standard_error()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        Assert.That(await gateway.Error.WaitForAsync("\"source\":\"worker\",\"message\":\"Epoch 1 is in force"), Does.StartWith("{").And.EndWith("}"));
    }

    private static Task<string> TextAsync(Gateway gateway, string path) => RawConnection.ExchangeAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    private static async Task<int> StatusOfAsync(Gateway gateway, string path)
    {
        using var client = Http.Http11(gateway.Address);
        using var response = await client.GetAsync(path);
        return (int)response.StatusCode;
    }

    private static async Task DieAsync(Gateway gateway, string path) => Assert.That(await TextAsync(gateway, path), Is.Empty);

    private static Task QuarantinedAsync(Gateway gateway, int count) => Eventually.TrueAsync(
        async () => (await gateway.StatusAsync()).GetProperty("quarantine").GetArrayLength() == count, () => $"{count} versions are quarantined\n{gateway.Error}");
}
