namespace EdgeGw.EndToEnd.Tests;

/// <summary>A handler that keeps a thread, or a request, for ever: it is cut off, named and replaced, and nobody else notices.</summary>
public sealed class StuckHandlerTests
{
    private const string Ok = "{\"version\":1}";

    // What must not be late on a slow machine is not: only what keeps its thread is to meet the short deadline.
    private static readonly string[] s_patient = ["--deadline", "60s"];

    // Work that belongs to no request has the gateway's own deadline. What is stuck must not hold up the end.
    private static readonly GatewayOptions s_options = new()
    {
        Arguments = ["--set", "Limits:DeadlineMs=400", "--set", "Limits:HardDeadlineMs=400", "--set", "Limits:LostRequests=3", "--set", "Worker:StopTimeoutMs=1000"],
    };

    [TestCase("loop", "stuck_in_a_loop", HttpStatusCode.GatewayTimeout)]
    [TestCase("deadlock", "stuck_in_a_deadlock", HttpStatusCode.GatewayTimeout)]
    [TestCase("later", "stuck_in_a_loop", HttpStatusCode.OK)]
    public async Task A_C_handler_that_keeps_its_thread_is_named_and_the_version_before_takes_over(string way, string function, HttpStatusCode first)
    {
        await using var gateway = await Gateway.StartAsync(s_options);
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"), s_patient);
        await gateway.DeployAsync(Repository.Fixture("stuck1"));
        await gateway.DeployAsync(Repository.Fixture("stuck2"), first == HttpStatusCode.OK ? s_patient : []);
        await using var neighbours = SteadyTraffic.Start(gateway.Address, "/ok", Ok);
        var pid = await gateway.WorkerPidAsync();

        using var answer = await client.GetAsync("/stuck/" + way);
        Assert.That(answer.StatusCode, Is.EqualTo(first));
        await Eventually.TrueAsync(async () => await TextAsync(client, "/stuck/count") == "version 1\n", () => $"the version before serves\n{gateway.Error}");
        var report = await ReportAsync(gateway);
        await neighbours.StopAsync();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(report.GetProperty("handler").GetString(), Is.EqualTo("stuck"));
        Assert.That(report.GetProperty("version").GetString(), Is.EqualTo("2.0.0"));
        Assert.That(report.GetProperty("stack").ToString(), Does.Contain(function), report.ToString());
        Assert.That(report.GetProperty("action").GetString(), Does.Contain("back to 1.0.0"));
        Assert.That((await gateway.WorkerAsync()).GetProperty("lostThreads").GetInt32(), Is.EqualTo(1));
        Assert.That(await gateway.WorkerPidAsync(), Is.EqualTo(pid), "the same worker goes on");
        Assert.That(await gateway.Control.GetStringAsync("/metrics"), Does.Match("edgegw_handler_lost_threads\\{handler=\"stuck\",version=\"2.0.0\",ordinal=\"\\d+\"\\} 1"));
        Assert.That((await gateway.Cli.RunAsync("history", "--json")).Output, Does.Contain("\"quarantine\""));
        Assert.That((await gateway.Cli.RunAsync("status")).Output, Does.Contain("1 lost thread").And.Contain("quarantined"));
    }

    [Test]
    public async Task A_CSharp_handler_that_loops_with_no_version_before_it_is_answered_503_with_the_reason_and_stays_out_after_a_restart()
    {
        await using var gateway = await Gateway.StartAsync(s_options);
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"), s_patient);
        await gateway.DeployAsync(Repository.Fixture("Managed"));
        await using var neighbours = SteadyTraffic.Start(gateway.Address, "/ok", Ok);

        using var answer = await client.GetAsync("/managed/loop");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
        var report = await ReportAsync(gateway);
        Assert.That(report.GetProperty("stack").ToString(), Does.Contain("Managed_EdgeGw_Fixtures_Managed__Loop"), report.ToString());
        await AssertTakenOutAsync(client, "/managed/fine");
        await neighbours.StopAsync();

        Gateway.Kill(await gateway.WorkerPidAsync());
        await gateway.WaitUntilReadyAsync();
        await AssertTakenOutAsync(client, "/managed/fine");
        Assert.That((await gateway.WorkerAsync()).GetProperty("lostThreads").GetInt32(), Is.Zero);

        // Deployed again, it is loaded again: whoever does that knows why.
        await gateway.DeployAsync(Repository.Fixture("Managed"), "--force");
        Assert.That(await TextAsync(client, "/managed/fine"), Is.EqualTo("fine"));
    }

    [Test]
    public async Task Requests_that_are_never_completed_cost_no_turn_and_too_many_of_them_take_the_version_out()
    {
        await using var gateway = await Gateway.StartAsync(s_options);
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"), s_patient);
        await gateway.DeployAsync(Repository.Fixture("stuck1"), "--concurrency", "2");
        await gateway.DeployAsync(Repository.Fixture("stuck2"), "--concurrency", "2");
        await using var neighbours = SteadyTraffic.Start(gateway.Address, "/ok", Ok);

        for (var i = 0; i < 2; i++)
        {
            using var answer = await client.GetAsync("/stuck/never");
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
        }
        await Eventually.TrueAsync(
            async () => (await gateway.Control.GetStringAsync("/metrics")).Contains("edgegw_handler_lost_requests{handler=\"stuck\",version=\"2.0.0\",ordinal=\"3\"} 2", StringComparison.Ordinal),
            () => "two requests are lost");
        // Both turns of the route are free again, so a third one comes in, and is one too many.
        using var third = await client.GetAsync("/stuck/never");
        Assert.That(third.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
        await Eventually.TrueAsync(async () => await TextAsync(client, "/stuck/count") == "version 1\n", () => $"the version before serves\n{gateway.Error}");
        var report = await ReportAsync(gateway);
        await neighbours.StopAsync();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(report.GetProperty("reason").GetString(), Does.Contain("Limits:LostRequests"));
        Assert.That((await gateway.WorkerAsync()).GetProperty("lostThreads").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task A_replaced_worker_does_not_stay_for_requests_that_were_answered_in_the_handlers_place()
    {
        // Neither for one whose thread is inside nor for one that is never completed; only a response that somebody still takes may last long.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = [.. s_options.Arguments, "--set", "Worker:DrainMs=1000", "--set", "Worker:IdleDrainMs=200"] });
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("stuck2"));
        var pid = await gateway.WorkerPidAsync();
        foreach (var way in new[] { "loop", "never" })
        {
            using var answer = await client.GetAsync("/stuck/" + way);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout).Or.EqualTo(HttpStatusCode.ServiceUnavailable), way);
        }

        Assert.That((await gateway.Cli.RunAsync("reload")).ExitCode, Is.Zero);

        await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists($"/proc/{pid}")), () => $"the first worker has ended\n{gateway.Error}");
        Assert.That(gateway.Error.ToString(), Does.Not.Contain("was killed"));
    }

    [Test]
    public async Task A_thread_that_comes_back_after_its_hard_deadline_is_lost_no_longer()
    {
        await using var gateway = await Gateway.StartAsync(s_options);
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("stuck1"));
        var held = client.GetAsync("/stuck/hold/6000");
        await Eventually.TrueAsync(async () => (await gateway.WorkerAsync()).GetProperty("lostThreads").GetInt32() == 1, () => "the thread is lost");
        await Eventually.TrueAsync(async () => (await gateway.WorkerAsync()).GetProperty("lostThreads").GetInt32() == 0, () => "the thread has come back");
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
    }

    [Test]
    public async Task A_handler_that_holds_all_threads_but_a_few_is_refused_more_and_nobody_else()
    {
        await using var gateway = await Gateway.StartAsync(new()
        {
            Arguments = ["--set", "Worker:Threads=16", "--set", "Worker:Transport=epoll", "--set", "Limits:DeadlineMs=120000", "--set", "Worker:StopTimeoutMs=1000"],
        });
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("blocking"));
        await using var neighbours = SteadyTraffic.Start(gateway.Address, "/ok", Ok);

        // One after the other: how many it takes depends on the processors.
        var waiting = new List<Task<HttpResponseMessage>>();
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 16 && refused is null; i++)
        {
            var before = await BlockedAsync(gateway);
            var next = client.GetAsync("/blocking/wait");
            await Eventually.TrueAsync(async () => next.IsCompleted || await BlockedAsync(gateway) > before, () => $"request {i} is inside, or refused");
            if (next.IsCompleted)
            {
                refused = await next;
            }
            else
            {
                waiting.Add(next);
            }
        }
        Assert.That(refused?.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await refused!.Content.ReadAsStringAsync(), Does.Contain("Worker:Threads"));
        Assert.That(await gateway.Control.GetStringAsync("/metrics"), Does.Contain("edgegw_worker_thread_refusals_total 1\n"));
        Assert.That(waiting, Is.Not.Empty);
        await neighbours.StopAsync();
        refused.Dispose();
    }

    private static async Task<int> BlockedAsync(Gateway gateway) =>
        (await gateway.StatusAsync()).GetProperty("versions").EnumerateArray().Single(version => version.GetProperty("handler").GetString() == "blocking").GetProperty("usage").GetProperty("blockedThreads").GetInt32();

    private static async Task<JsonElement> ReportAsync(Gateway gateway)
    {
        JsonElement reports = default;
        await Eventually.TrueAsync(
            async () => (reports = JsonDocument.Parse(await gateway.Control.GetStringAsync("/api/v1/stuck")).RootElement.GetProperty("reports")).GetArrayLength() > 0, () => $"there is a report\n{gateway.Error}");
        return reports[0];
    }

    private static async Task AssertTakenOutAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), body);
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(body, Does.Contain("was taken out of service").And.Contain("GET /managed/loop"));
    }

    private static async Task<string> TextAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return await answer.Content.ReadAsStringAsync();
    }
}
