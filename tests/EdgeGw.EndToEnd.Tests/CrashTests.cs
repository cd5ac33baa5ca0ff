using System.Net.Sockets;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Processes that die.</summary>
[NonParallelizable]
public sealed class CrashTests
{
    [Test]
    public async Task Killing_the_worker_under_load_refuses_no_connection_and_every_handler_answers_again()
    {
        const int clients = 2;
        await using var gateway = await Gateway.StartAsync();
        var recovery = await WorkerKill.UnderLoadAsync(gateway, Repository.Fixture("ok1"), clients);
        // How long it took is the benchmark's to say.
        TestContext.Out.WriteLine($"full service after {recovery.Milliseconds:0.0} ms, {recovery.Failed} of {recovery.Requests} requests failed: {recovery.Failures}");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(recovery.Refused, Is.Zero, "refused connections");
        Assert.That(recovery.Failed, Is.LessThanOrEqualTo(clients), "only what was under way fails: one request of each client");
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_crashes_takes_the_worker_down_and_service_comes_back([Values("wild", "abort", "stack", "exit")] string way)
    {
        // Otherwise the first crash after the deploy would take it out of service.
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Crashes:ProbationSeconds=0", "--set", "Crashes:ProbationRequests=0"] });
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("crash"));
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        var worker = await gateway.WorkerPidAsync();

        // Once: HttpClient would try again, and each time a worker would die.
        Assert.That(await RawConnection.ExchangeAsync(gateway.Address, $"GET /crash/{way} HTTP/1.1\r\nHost: x\r\n\r\n"), Is.Empty);

        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"), "the connection waits in the backlog for the next worker");
        Assert.That(await client.GetStringAsync("/crash/not"), Is.EqualTo("alive 1\n"));
        Assert.That(await gateway.WorkerPidAsync(), Is.Not.EqualTo(worker));
        Assert.That(await gateway.Error.WaitForAsync($"{worker}"), Is.Not.Empty, "control's log names the worker that died");
    }

    [Test]
    public async Task A_crash_while_the_gateway_stops_leaves_its_report()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["trip"], "");
        await using (var first = await Gateway.StartAsync(new() { State = folder["state"] }))
        {
            await first.DeployAsync(Repository.Fixture("crash"), "--set", $"while={folder["trip"]}", "--deadline", "600s");
            using var connection = await RawConnection.OpenAsync(first.Address);
            await connection.SendAsync("GET /crash/held HTTP/1.1\r\nHost: x\r\n\r\n");
            await Eventually.TrueAsync(async () => (await first.Control.GetStringAsync("/metrics")).Contains("edgegw_worker_in_flight 1\n", StringComparison.Ordinal), () => "the request is in the handler");
            var stopping = first.StopAsync();
            await Eventually.TrueAsync(async () => !await AcceptsAsync(first.Address), () => "the gateway stops");
            File.Delete(folder["trip"]);
            Assert.That(await stopping, Is.Zero);
        }

        await using var second = await Gateway.StartAsync(new() { State = folder["state"] });

        var crash = JsonDocument.Parse(await second.Control.GetStringAsync("/api/v1/crashes")).RootElement.GetProperty("crashes")[0];
        using var scope = Assert.EnterMultipleScope();
        Assert.That(crash.GetProperty("cause").GetString(), Does.Contain("SIGSEGV"));
        Assert.That(crash.GetProperty("handler").GetString(), Is.EqualTo("crash"), "the one in whose code it was");
        Assert.That((await second.StatusAsync()).GetProperty("quarantine").GetArrayLength(), Is.Zero, "nothing follows from it");
    }

    [Test]
    public async Task Killing_control_leaves_the_worker_serving_and_a_new_control_takes_it_over()
    {
        using var folder = new TemporaryFolder();
        await using var first = await Gateway.StartAsync(new() { State = folder["state"] });
        await first.DeployAsync(Repository.Fixture("ok1"));
        var (address, worker) = (first.Address, await first.WorkerPidAsync());
        using var client = Http.Http11(address);

        Gateway.Kill(first.ControlPid);
        await Eventually.TrueAsync(() => Task.FromResult(first.HasExited), () => "control is dead");
        for (var i = 0; i < 100; i++)
        {
            using var fresh = Http.Http11(address);
            Assert.That(await fresh.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
        }

        // Calls go on while the second control takes the sockets over and puts its own worker in the first one's place.
        using var done = new CancellationTokenSource();
        var calls = Task.Run(async () =>
        {
            for (var count = 0; ; count++)
            {
                if (done.IsCancellationRequested && count > 100)
                {
                    return count;
                }

                using var fresh = Http.Http11(address);
                if (await fresh.GetStringAsync("/ok", CancellationToken.None) is not ("{\"version\":1}" or "{\"version\":2}"))
                {
                    Assert.Fail("another answer");
                }
            }
        });
        await using (var second = await Gateway.StartAsync(new() { State = folder["state"], Listen = [address.ToString().TrimEnd('/')] }))
        {
            Assert.That(second.Address, Is.EqualTo(address));
            await second.DeployAsync(Repository.Fixture("ok2"));
            Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":2}"));
            await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists($"/proc/{worker}")), () => "the first control's worker is gone");
            await done.CancelAsync();
            TestContext.Out.WriteLine($"{await calls} calls, none refused");
        }
    }

    [Test]
    public async Task A_library_changed_after_its_deploy_is_not_loaded_again()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await gateway.DeployAsync(Repository.Fixture("dump"));
        var hash = (await gateway.StatusAsync()).GetProperty("handlers").EnumerateArray().Single(handler => handler.GetProperty("name").GetString() == "ok").GetProperty("sha256").GetString()!;
        var stored = Directory.GetFiles(Path.Combine(gateway.State, "artifacts", hash)).Single();
        // A new file of the same name: writing into the mapped one would change the running code, which no check can see.
        File.Delete(stored);
        File.Copy(Repository.Fixture("ok2"), stored);

        Gateway.Kill(await gateway.WorkerPidAsync());

        await Eventually.TrueAsync(async () => await StatusOfAsync(client, "/cookies") == HttpStatusCode.OK, () => "the other handler serves again");
        // The worker serves before control knows it: the reason comes with the worker's first status.
        await Eventually.TrueAsync(async () => (await (await gateway.Control.GetAsync("/readyz")).Content.ReadAsStringAsync()).Contains("ok", StringComparison.Ordinal), () => "the reason names the handler");
        var readiness = await gateway.Control.GetAsync("/readyz");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(await StatusOfAsync(client, "/ok"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(readiness.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    private static async Task<HttpStatusCode?> StatusOfAsync(HttpClient client, string path)
    {
        try
        {
            using var response = await client.GetAsync(path);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<bool> AcceptsAsync(Uri address)
    {
        try
        {
            using var connection = await RawConnection.OpenAsync(address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
