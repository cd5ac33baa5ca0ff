namespace EdgeGw.EndToEnd.Tests;

/// <summary>Limits of one handler, given at its deploy, and what each version uses.</summary>
public sealed class HandlerLimitTests
{
    [Test]
    public async Task A_CSharp_handler_out_of_memory_is_its_own_503_and_its_figures_say_so()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("Managed"), "--heap", "48MB");
        await using var neighbours = SteadyTraffic.Start(gateway.Address, "/ok", "{\"version\":1}");
        var pid = await gateway.WorkerPidAsync();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await client.GetAsync("/managed/hoard");
            var body = await answer.Content.ReadAsStringAsync();
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), body);
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(body, Does.Contain("has reached its memory limit"));
            Assert.That(await client.GetStringAsync("/managed/fine"), Is.EqualTo("fine"));
        }
        // Processor time is sampled: it takes some of them until a sample falls into one.
        string metrics = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await client.GetAsync("/managed/hoard");
                metrics = await gateway.Control.GetStringAsync("/metrics");
                return Value(metrics, "edgegw_handler_cpu_seconds_total") > 0 && Value(metrics, "edgegw_handler_allocated_bytes_total") > 90_000_000;
            },
            () => metrics);
        await neighbours.StopAsync();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(await gateway.WorkerPidAsync(), Is.EqualTo(pid), "the worker is unharmed");
        Assert.That(Value(metrics, "edgegw_handler_out_of_memory_total"), Is.GreaterThanOrEqualTo(4));
        Assert.That(Value(metrics, "edgegw_handler_gc_collections_total"), Is.Positive);
        Assert.That(Value(metrics, "edgegw_handler_gc_pause_seconds_total"), Is.Positive);
        Assert.That(Value(metrics, "edgegw_handler_heap_bytes"), Is.InRange(1, 48_000_000));
        // In C there is no such heap.
        Assert.That(metrics, Does.Not.Contain("edgegw_handler_heap_bytes{handler=\"ok\""));
    }

    [Test]
    public async Task Top_shows_what_each_version_uses_as_a_table_and_as_JSON()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("Managed"));
        await using var traffic = SteadyTraffic.Start(gateway.Address, "/managed/allocate/100000", "100000");
        var table = await gateway.Cli.RunAsync("top", "--once", "--sort", "requests");
        // Memory figures that are read too late, on a slow machine, are those of the second before: one second has its own.
        JsonElement managed = default;
        await Eventually.TrueAsync(
            async () =>
            {
                var json = await gateway.Cli.RunAsync("top", "--once", "--json");
                managed = JsonDocument.Parse(json.Output).RootElement.GetProperty("versions").EnumerateArray().Single(version => version.GetProperty("handler").GetString() == "managed");
                var requests = managed.GetProperty("requestsPerSecond").GetDouble();
                return requests > 0 && managed.GetProperty("allocatedPerSecond") is { ValueKind: JsonValueKind.Number } allocated && allocated.GetDouble() > requests * 100_000 / 2;
            },
            () => $"what it allocates goes with its requests: {managed}");
        await traffic.StopAsync();
        Assert.That(table.ExitCode, Is.Zero, table.ToString());
        var lines = table.Output.Split('\n');
        using var scope = Assert.EnterMultipleScope();
        Assert.That(lines[1], Does.StartWith("HANDLER").And.Contain("CPU").And.Contain("ALLOC/S"));
        Assert.That(lines[2], Does.StartWith("managed"), "the busiest first");
        Assert.That(lines[3], Does.StartWith("ok").And.Contain("-"));
        Assert.That(table.Output, Does.Not.Contain('\u001b'), "plain where it is no terminal");
        Assert.That(managed.GetProperty("heapBytes").GetInt64(), Is.Positive);
    }

    [Test]
    public async Task Requests_beyond_a_handlers_total_concurrency_are_503_on_every_route_of_it()
    {
        // Those inside are never let out: the end does not wait for them.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Worker:StopTimeoutMs=1000"] });
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("gated1"), "--total-concurrency", "2");
        var admitted = Enumerable.Range(0, 2).Select(_ => client.GetStringAsync("/gated/wait")).ToList();
        await Eventually.TrueAsync(
            async () => (await gateway.StatusAsync()).GetProperty("versions")[0].GetProperty("inFlight").GetInt32() == 2, () => "two requests are inside");
        using var refused = await client.GetAsync("/gated/waiting");
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("on all its routes").And.Contain("(2)"));

        // The next version has no such limit; those inside end with it.
        await gateway.DeployAsync(Repository.Fixture("gated2"));
        Assert.That(admitted, Has.None.Matches<Task>(task => task.IsFaulted));
    }

    [Test]
    public async Task Calls_of_services_beyond_a_handlers_rate_are_refused_as_busy()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("cache"), "--service-calls-per-second", "1");
        // One call, then none for a second: of several in a row most are refused, whatever the machine's speed.
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 20; i++)
        {
            using var answer = await client.GetAsync("/cache/key");
            answers.Add(answer.StatusCode);
        }
        var metrics = await gateway.Control.GetStringAsync("/metrics");
        Assert.That(Value(metrics, "edgegw_handler_service_calls_refused_total", "cache"), Is.Positive, string.Join(' ', answers));
    }

    // 0 where there is no such figure yet.
    private static double Value(string metrics, string name, string handler = "managed") =>
        metrics.Split('\n').FirstOrDefault(line => line.StartsWith($"{name}{{handler=\"{handler}\"", StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
}
