namespace EdgeGw.EndToEnd.Tests;

/// <summary>A fresh worker takes the place of the one in service, and no client notices.</summary>
[NonParallelizable]
public sealed class HandOverTests
{
    [Test]
    public async Task Reloads_under_load_lose_no_request([Values("epoll", "sockets")] string transport)
    {
        const int reloads = 5;
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", $"Worker:Transport={transport}", "--set", "Worker:MaxDraining=100"] });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        var first = await gateway.WorkerPidAsync();
        await using var load = SteadyLoad.Start(gateway.Address, "/ok", body => body == "{\"version\":1}");
        for (var i = 0; i < reloads; i++)
        {
            await load.MoreAsync(500);
            var reload = await gateway.Cli.RunAsync("reload");
            Assert.That(reload.ExitCode, Is.Zero, reload.ToString());
        }
        await load.MoreAsync(500);

        TestContext.Out.WriteLine(await load.StopAsync());
        Assert.That(load.Failures, Is.Empty);
        var worker = await gateway.WorkerAsync();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(worker.GetProperty("handOvers").GetInt32(), Is.EqualTo(reloads));
        Assert.That(worker.GetProperty("restarts").GetInt32(), Is.Zero);
        Assert.That(worker.GetProperty("pid").GetInt32(), Is.Not.EqualTo(first));
        // None has a connection left: they end without waiting for any bound.
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("draining").GetArrayLength() == 0, () => "the replaced workers are gone");
    }

    [Test]
    public async Task A_connection_that_has_sent_nothing_yet_is_answered_by_the_worker_that_accepted_it([Values("epoll", "sockets")] string transport)
    {
        // Long enough for a slow machine to ask on both: each is closed after its answer, so nothing waits for the end of it.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", $"Worker:Transport={transport}", "--set", "Worker:IdleDrainMs=60000"] });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        using var silent = await RawConnection.OpenAsync(gateway.Address);
        using var idle = await RawConnection.OpenAsync(gateway.Address);
        await idle.SendAsync("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.That(await idle.ReadUntilAsync("}"), Does.Contain("200 OK").And.Not.Contain("Connection: close"));

        Assert.That((await gateway.Cli.RunAsync("reload")).ExitCode, Is.Zero);
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("draining")[0].GetProperty("connections").GetInt32() >= 2, () => "the first worker still has both");

        foreach (var connection in new[] { silent, idle })
        {
            await connection.SendAsync("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.That(await connection.ReadToEndAsync(), Does.Contain("200 OK").And.Contain("Connection: close").And.EndWith("{\"version\":1}"));
        }
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("draining").GetArrayLength() == 0, () => "the replaced worker is gone");
    }

    [Test]
    public async Task A_worker_that_cannot_serve_the_epoch_does_not_replace_the_one_that_does()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        var worker = await gateway.WorkerPidAsync();
        var hash = (await gateway.StatusAsync()).GetProperty("handlers")[0].GetProperty("sha256").GetString()!;
        var stored = Directory.GetFiles(Path.Combine(gateway.State, "artifacts", hash)).Single();
        File.Delete(stored);
        File.Copy(Repository.Fixture("ok2"), stored);

        var reload = await gateway.Cli.RunAsync("reload");

        using var client = Http.Http11(gateway.Address);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(reload.ExitCode, Is.EqualTo(1), reload.ToString());
        Assert.That(reload.Error, Does.Contain("The worker from before serves on").And.Contain("ok").And.Contain(Path.GetFileName(stored)));
        Assert.That(await gateway.WorkerPidAsync(), Is.EqualTo(worker));
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
    }

    [Test]
    public async Task A_reload_reads_the_worker_s_settings_again_and_refuses_wrong_ones()
    {
        await using var gateway = await Gateway.StartAsync(new() { Configuration = """{ "Limits": { "MaxRequestLineBytes": 128 }, "Ledger": { "Versions": 7 } }""" });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        using var client = Http.Http11(gateway.Address);
        async Task<HttpStatusCode> AskAsync() => (await client.GetAsync($"/ok/{new string('a', 200)}")).StatusCode;
        Assert.That(await AskAsync(), Is.EqualTo(HttpStatusCode.RequestUriTooLong));
        var file = Path.Combine(Path.GetDirectoryName(gateway.State)!, "edgegw.json");

        File.WriteAllText(file, """{ "Limits": { "MaxRequestLineBytes": -1, "Nonsense": 1 } }""");
        var refused = await gateway.Cli.RunAsync("reload");
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.Contain("Limits:MaxRequestLineBytes").And.Contain("Limits:Nonsense"));
        Assert.That(await AskAsync(), Is.EqualTo(HttpStatusCode.RequestUriTooLong));

        File.WriteAllText(file, """{ "Limits": { "MaxRequestLineBytes": 1000 }, "Ledger": { "Versions": 8 } }""");
        var reload = await gateway.Cli.RunAsync("reload");
        Assert.That(reload.ExitCode, Is.Zero, reload.ToString());
        Assert.That(reload.Output, Does.Contain("not in force before").And.Contain("Ledger:Versions"));
        Assert.That(await AskAsync(), Is.EqualTo(HttpStatusCode.OK));
    }
}
