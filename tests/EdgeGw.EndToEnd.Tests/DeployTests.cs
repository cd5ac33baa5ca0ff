using System.Diagnostics;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Deploying, replacing, rolling back and removing.</summary>
public sealed class DeployTests
{
    [Test]
    public async Task A_deploy_serves_the_new_version_and_a_rollback_the_old_one()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);

        await gateway.DeployAsync(Repository.Fixture("ok1"));
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));

        await gateway.DeployAsync(Repository.Fixture("ok2"));
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":2}"));

        var rollback = await gateway.Cli.RunAsync("rollback", "ok");
        Assert.That(rollback.ExitCode, Is.Zero, rollback.ToString());
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));

        var history = await gateway.Cli.RunAsync("history", "--json");
        var epochs = JsonDocument.Parse(history.Output).RootElement.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("action").GetString());
        Assert.That(epochs, Is.EqualTo((string[])["rollback", "deploy", "deploy"]));
    }

    [Test]
    public async Task Undeploying_ends_the_routes()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("dump"));

        var undeploy = await gateway.Cli.RunAsync("undeploy", "ok");

        using var gone = await client.GetAsync("/ok");
        using var other = await client.GetAsync("/cookies");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(undeploy.ExitCode, Is.Zero, undeploy.ToString());
        Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_request_that_runs_in_the_old_version_ends_there_and_the_deploy_waits_for_it()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("gated1"));
        var old = client.GetStringAsync("/gated/wait");
        await Eventually.TrueAsync(async () => await client.GetStringAsync("/gated/waiting") == "1", () => "one request waits in version 1");

        var deploy = gateway.Cli.RunAsync("deploy", Repository.Fixture("gated2"), "--wait", "--json");
        await Eventually.TrueAsync(async () => await client.GetStringAsync("/gated/waiting") == "0", () => "version 2 serves new requests");
        var versions = (await gateway.StatusAsync()).GetProperty("versions").EnumerateArray().ToDictionary(version => version.GetProperty("version").GetString()!, version => version.GetProperty("state").GetString());
        Assert.That(versions, Is.EquivalentTo(new Dictionary<string, string> { ["1.0.0"] = "draining", ["2.0.0"] = "live" }));
        Assert.That(deploy.IsCompleted, Is.False, "--wait waits for the old version's last request");

        // Nothing reaches version 1 any more but through a rollback, whose gate is the same library's, still loaded.
        Assert.That((await gateway.Cli.RunAsync("rollback", "gated")).ExitCode, Is.Zero);
        using var opened = await client.PostAsync("/gated/open", null);

        Assert.That(await old, Is.EqualTo("opened by version 1\n"));
        Assert.That((await deploy).ExitCode, Is.Zero, (await deploy).ToString());
    }

    [Test]
    public async Task A_restart_serves_the_last_epoch()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await Gateway.StartAsync(new() { State = folder["state"] }))
        {
            await first.DeployAsync(Repository.Fixture("ok1"));
            await first.DeployAsync(Repository.Fixture("ok2"));
            Assert.That(await first.StopAsync(), Is.Zero, () => first.Error.ToString());
        }

        await using var second = await Gateway.StartAsync(new() { State = folder["state"] });
        using var client = Http.Http11(second.Address);
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":2}"));
    }

    [Test]
    public async Task A_prefix_and_a_host_given_at_deploy_time_apply()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"), "--name", "elsewhere", "--prefix", "/v1", "--host", "api.example.com");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/ok") { Headers = { Host = "api.example.com" } };
        using var there = await client.SendAsync(request);
        using var nowhere = await client.GetAsync("/v1/ok");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(there.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(nowhere.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Settings_given_at_deploy_time_reach_the_handler()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("dump"), "--set", "Greeting=Grüß=Gott");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(await client.GetStringAsync("/config/greeting"), Is.EqualTo("Grüß=Gott"));
        Assert.That((await client.GetAsync("/config/other")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    [NonParallelizable]
    public async Task A_rollback_is_in_effect_when_it_has_answered()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        var samples = new List<double>();
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        for (var round = 0; round < 5; round++)
        {
            await gateway.DeployAsync(Repository.Fixture("ok2"));
            Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":2}"));
            var started = Stopwatch.GetTimestamp();
            using var rollback = await gateway.Control.PostAsync("/api/v1/rollbacks", new StringContent("{\"handler\":\"ok\"}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
            var answer = await client.GetStringAsync("/ok");
            samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Assert.That(rollback.StatusCode, Is.EqualTo(HttpStatusCode.Created), await rollback.Content.ReadAsStringAsync());
            Assert.That(answer, Is.EqualTo("{\"version\":1}"));
        }

        TestContext.Out.WriteLine($"rollback to first old answer: {string.Join(", ", samples.Select(ms => $"{ms:0.0}"))} ms");
    }
}
