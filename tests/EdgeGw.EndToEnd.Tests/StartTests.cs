using System.Net.Sockets;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>A gateway that cannot start says why, in one sentence, and ends with 1.</summary>
public sealed class StartTests
{
    [Test]
    public async Task A_taken_port_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://{taken.LocalEndpoint}";
        await AssertRefusedAsync(address, "--listen", address);
    }

    [Test]
    public async Task Malformed_configuration_is_refused_with_its_place()
    {
        using var folder = new TemporaryFolder();
        await AssertRefusedAsync("line 2", "--config", folder.Write("edgegw.json", "{ \"Limits\":\n { \"DeadlineMs\" 5 } }"));
    }

    [Test]
    public async Task An_unknown_setting_is_refused_with_the_nearest_known_one()
    {
        using var folder = new TemporaryFolder();
        await AssertRefusedAsync("Limits:DeadlineMs", "--config", folder.Write("edgegw.json", "{ \"Limits\": { \"DeadlinMs\": 5 } }"));
    }

    [Test]
    public async Task A_value_out_of_range_is_refused() => await AssertRefusedAsync("Limits:Concurrency", "--set", "Limits:Concurrency=-1");

    [Test]
    public async Task A_state_directory_in_use_is_refused()
    {
        await using var gateway = await Gateway.StartAsync();
        var second = await Command.RunAsync(Repository.GatewayBinary, ["run", "--state", gateway.State, "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"]);
        Assert.That(second.ExitCode, Is.EqualTo(1), second.ToString());
        Assert.That(second.Error, Does.Contain(gateway.State));
        Assert.That((await gateway.StatusAsync()).GetProperty("ready").GetBoolean(), Is.True);
    }

    [Test]
    public async Task A_state_directory_that_cannot_be_written_is_refused()
    {
        // A folder below a file cannot be made, not even by root.
        using var folder = new TemporaryFolder();
        await AssertRefusedAsync("state", "--state", folder.Write("file", "") + "/state");
    }

    [Test]
    public async Task A_program_that_was_copied_without_what_belongs_beside_it_says_so_at_its_start()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Repository.GatewayBinary, folder["edgegw"]);
        var result = await Command.RunAsync(folder["edgegw"], ["run", "--state", folder["state"], "--listen", "http://127.0.0.1:0", "--admin", "http://127.0.0.1:0"]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, $"edgegw: 'libe_sqlite3.so' is not in '{folder.Root}', beside the program: copy it there from where the program is from.\n")));
    }

    [Test]
    public async Task A_missing_certificate_is_refused() =>
        await AssertRefusedAsync("/nonexistent/cert.pem", "--listen", "https://127.0.0.1:0", "--set", "Tls:Certificate=/nonexistent/cert.pem", "--set", "Tls:Key=/nonexistent/key.pem");

    [Test]
    public async Task Wrong_usage_ends_with_2()
    {
        var result = await Command.RunAsync(Repository.GatewayBinary, ["deplyo"]);
        Assert.That(result.ExitCode, Is.EqualTo(2), result.ToString());
    }

    [Test]
    public async Task A_gateway_that_is_not_there_ends_with_3()
    {
        using var folder = new TemporaryFolder();
        var result = await new GatewayCli(folder.Root).RunAsync("status");
        Assert.That(result.ExitCode, Is.EqualTo(3), result.ToString());
        Assert.That(result.Error, Is.Not.Empty);
    }

    [Test]
    public async Task SIGTERM_lets_requests_finish()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("slow"));
        // Much longer than the way of the signal to the worker.
        var under = client.GetStringAsync("/slow/3000");
        await Eventually.TrueAsync(async () => (await gateway.Control.GetStringAsync("/metrics")).Contains("edgegw_worker_in_flight 1\n", StringComparison.Ordinal), () => "the request is inside");

        Assert.That(await gateway.StopAsync(), Is.Zero, gateway.Error.ToString());

        Assert.That(await under, Is.EqualTo("slept\n"));
    }

    private static async Task AssertRefusedAsync(string reason, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        List<string> all = ["run", .. arguments];
        foreach (var (name, value) in new[] { ("--state", folder["state"]), ("--listen", "http://127.0.0.1:0"), ("--admin", "http://127.0.0.1:0") })
        {
            if (!arguments.Contains(name))
            {
                all.AddRange([name, value]);
            }
        }

        var result = await Command.RunAsync(Repository.GatewayBinary, all);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain(reason), result.ToString());
        Assert.That(result.Error, Does.Not.Contain("   at "), "a reason, not a stack trace");
    }
}
