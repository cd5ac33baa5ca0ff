using System.Net.Http.Headers;

namespace EdgeGw.EndToEnd.Tests.Isolation;

/// <summary>A handler in a worker of its own dies, is limited, and is replaced, while the shared worker serves.</summary>
[NonParallelizable]
public sealed class IsolatedHandlerTests
{
    private const string Version1 = "{\"version\":1}";
    private const string Version2 = "{\"version\":2}";

    // Only the count decides, not how long ago the deploy was.
    private static readonly string[] Patient = ["--set", "Crashes:ProbationSeconds=0", "--set", "Crashes:ProbationRequests=0", "--set", "Crashes:Limit=100"];

    [Test]
    public async Task Killing_an_isolated_worker_under_load_costs_the_shared_routes_nothing()
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = Patient });
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("trial1"), "--isolation", "process");
        await using var load = SteadyLoad.Start(gateway.Address, "/ok", body => body == Version1);
        for (var i = 0; i < 3; i++)
        {
            await load.MoreAsync(200);
            var worker = await PidAsync(gateway, "trial");

            Gateway.Kill(worker);

            // Until the next one serves the gateway answers in its place, and says when to come again.
            await Eventually.TrueAsync(
                async () =>
                {
                    using var response = await client.GetAsync("/trial");
                    if (response.StatusCode == HttpStatusCode.OK)
                    {
                        return true;
                    }
                    Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
                    Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable).Or.EqualTo(HttpStatusCode.BadGateway));
                    Assert.That(response.StatusCode == HttpStatusCode.BadGateway || response.Headers.RetryAfter is RetryConditionHeaderValue, Is.True);
                    return false;
                },
                () => $"the isolated handler answers again\n{gateway.Error}");
            Assert.That(await PidAsync(gateway, "trial"), Is.Not.EqualTo(worker));
        }
        await load.MoreAsync(200);
        TestContext.Out.WriteLine(await load.StopAsync());
        Assert.That(load.Failures, Is.Empty);
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.Zero, "the shared worker is the same");
    }

    [TestCase("--memory", "64MB", "grow-kb=8192", "SIGSEGV", TestName = "A_memory_limit_ends_the_isolated_worker_alone")]
    [TestCase("--cpu-seconds", "1", "spin-ms=100", "SIGXCPU", TestName = "A_processor_limit_ends_the_isolated_worker_alone")]
    public async Task A_limit_ends_the_isolated_worker_alone(string option, string value, string setting, string signal)
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = Patient });
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("trial1"), "--isolation", "process", option, value, "--set", setting);
        var worker = await PidAsync(gateway, "trial");
        await using var load = SteadyLoad.Start(gateway.Address, "/ok", body => body == Version1);

        await Eventually.TrueAsync(
            async () =>
            {
                using var response = await client.GetAsync("/trial");
                return response.StatusCode != HttpStatusCode.OK;
            },
            () => $"the limit is reached\n{gateway.Error}");
        await Eventually.TrueAsync(async () => await client.GetAsync("/trial") is { StatusCode: HttpStatusCode.OK }, () => $"the next one serves\n{gateway.Error}");

        Assert.That(await PidAsync(gateway, "trial"), Is.Not.EqualTo(worker));
        await load.MoreAsync(100);
        TestContext.Out.WriteLine(await load.StopAsync());
        Assert.That(load.Failures, Is.Empty);
        var crashes = await gateway.Cli.RunAsync("crashes");
        Assert.That(crashes.Output, Does.Contain(signal), $"{crashes}");
    }

    [Test]
    public async Task Changes_of_version_and_of_isolation_under_load_lose_no_request()
    {
        // Longer than a client on this machine may take between two requests: one that comes when the connection has been closed is lost by right.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Worker:IdleDrainMs=10000"] });
        await gateway.DeployAsync(Repository.Fixture("ok1"), "--isolation", "process");
        await using var load = SteadyLoad.Start(gateway.Address, "/ok", body => body is Version1 or Version2);
        string[][] changes =
        [
            ["deploy", Repository.Fixture("ok2"), "--isolation", "process"], ["rollback", "ok"], ["deploy", Repository.Fixture("ok2")], ["deploy", Repository.Fixture("ok1"), "--isolation", "process", "--open-files", "256"],
            ["reload"], ["deploy", Repository.Fixture("ok2"), "--isolation", "process"],
        ];
        foreach (var change in changes)
        {
            await load.MoreAsync(200);
            var done = await gateway.Cli.RunAsync(change);
            Assert.That(done.ExitCode, Is.Zero, $"{done}\n{gateway.Error}");
        }
        await load.MoreAsync(200);
        TestContext.Out.WriteLine(await load.StopAsync());
        Assert.That(load.Failures, Is.Empty);
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("draining").GetArrayLength() == 0, () => $"those that were replaced are gone\n{gateway.Error}");
        Assert.That((await gateway.StatusAsync()).GetProperty("isolated").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_library_that_dies_in_its_start_is_refused_and_the_version_before_serves_on()
    {
        await using var gateway = await Gateway.StartAsync();
        using var folder = new TemporaryFolder();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("crash"), "--isolation", "process");
        await File.WriteAllTextAsync(folder["now"], "");
        var epoch = (await gateway.StatusAsync()).GetProperty("epoch").GetInt64();

        var refused = await gateway.Cli.RunAsync("deploy", Repository.Fixture("crash2"), "--isolation", "process", "--set", "crash-in=init", "--set", $"while={folder["now"]}");

        Assert.That(refused.ExitCode, Is.EqualTo(1), $"{refused}");
        Assert.That(refused.Error, Does.Contain("signal 11"));
        Assert.That(await client.GetStringAsync("/crash/not"), Is.EqualTo("alive 1\n"));
        Assert.That((await gateway.StatusAsync()).GetProperty("epoch").GetInt64(), Is.EqualTo(epoch));
    }

    [Test]
    public async Task A_request_beyond_its_deadline_is_504_and_one_without_a_worker_is_refused_by_name()
    {
        // The request that is late is never let out: the end does not wait for it.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Worker:StopTimeoutMs=1000"] });
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("gated1"), "--isolation", "process", "--deadline", "300ms");
        using var late = await client.GetAsync("/gated/wait");
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout), await late.Content.ReadAsStringAsync());

        // A stopped worker answers nothing, not even its own deadline: the shared worker does.
        var worker = await PidAsync(gateway, "gated");
        await Command.RunAsync("kill", ["-STOP", $"{worker}"]);
        using var silent = await client.GetAsync("/gated/waiting");
        await Command.RunAsync("kill", ["-CONT", $"{worker}"]);
        Assert.That(silent.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout), await silent.Content.ReadAsStringAsync());
    }

    [Test]
    public async Task A_new_control_starts_the_isolated_workers_anew_and_ends_those_of_the_one_before()
    {
        using var folder = new TemporaryFolder();
        await using var first = await Gateway.StartAsync(new() { State = folder["state"] });
        await first.DeployAsync(Repository.Fixture("ok1"), "--isolation", "process");
        var (address, worker) = (first.Address, await PidAsync(first, "ok"));
        Gateway.Kill(first.ControlPid);
        await Eventually.TrueAsync(() => Task.FromResult(first.HasExited), () => "control is dead");
        using var client = Http.Http11(address);
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo(Version1), "both workers serve on");

        await using var second = await Gateway.StartAsync(new() { State = folder["state"], Listen = [address.ToString().TrimEnd('/')] });

        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo(Version1));
        await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists($"/proc/{worker}")), () => $"the first one's isolated worker is gone\n{second.Error}");
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo(Version1));
    }

    /// <summary>The process of a handler's own worker.</summary>
    internal static async Task<int> PidAsync(Gateway gateway, string handler)
    {
        var pid = 0;
        await Eventually.TrueAsync(
            async () => (pid = (await gateway.StatusAsync()).GetProperty("isolated").EnumerateArray().Where(worker => worker.GetProperty("handler").GetString() == handler)
                .Select(worker => worker.GetProperty("pid") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 0).FirstOrDefault()) > 0,
            () => $"{handler} has a worker\n{gateway.Error}");
        return pid;
    }
}
