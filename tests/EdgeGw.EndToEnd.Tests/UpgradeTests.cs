namespace EdgeGw.EndToEnd.Tests;

/// <summary>Another program takes the place of the running one.</summary>
[NonParallelizable]
public sealed class UpgradeTests
{
    [Test]
    public async Task Upgrades_under_load_lose_no_request_and_no_call_of_the_Admin_API([Values("command", "SIGHUP")] string way)
    {
        const int upgrades = 3;
        using var folder = new TemporaryFolder();
        var program = Install(folder);
        await using var gateway = await Gateway.StartAsync(new() { Program = program });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        var (control, admin) = (gateway.ControlPid, (await gateway.StatusAsync()).GetProperty("admin").GetString()!);
        await using var load = SteadyLoad.Start(gateway.Address, "/ok", body => body is "{\"version\":1}" or "{\"version\":2}");
        using var done = new CancellationTokenSource();
        var calls = Task.WhenAll(CallAdminAsync(() => Http.OverUnixSocket(Path.Combine(gateway.State, "control.sock")), done.Token), CallAdminAsync(() => Http.Http11(new Uri(admin)), done.Token));
        for (var i = 1; i <= upgrades; i++)
        {
            await load.MoreAsync(300);
            await ReplaceAsync(program, [.. await File.ReadAllBytesAsync(program), (byte)i]);
            if (way == "command")
            {
                var upgrade = await gateway.Cli.RunAsync("upgrade");
                Assert.That(upgrade.ExitCode, Is.Zero, upgrade.ToString());
            }
            else
            {
                await Command.RunAsync("kill", ["-HUP", $"{control}"]);
            }
            await Eventually.TrueAsync(async () => await IsUpgradedAsync(gateway, i), () => $"upgrade {i}\n{gateway.Error}");
            Assert.That(new FileInfo($"/proc/{control}/exe").LinkTarget, Is.EqualTo(program), "control is the new file");
            Assert.That(new FileInfo($"/proc/{await gateway.WorkerPidAsync()}/exe").LinkTarget, Is.EqualTo(program), "so is the worker");
            // Changes go on, with the control that is there now.
            await gateway.DeployAsync(Repository.Fixture(i % 2 == 0 ? "ok1" : "ok2"));
        }
        await load.MoreAsync(300);
        await done.CancelAsync();

        TestContext.Out.WriteLine($"{await load.StopAsync()}; {(await calls).Sum()} calls of the Admin API");
        Assert.That(load.Failures, Is.Empty);
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync()).GetProperty("draining").GetArrayLength() == 0, () => $"the replaced workers are gone\n{gateway.Error}");
        // What has just ended is collected a moment later.
        await Eventually.TrueAsync(async () => Children(control).SequenceEqual([await gateway.WorkerPidAsync()]), () => "none is left, dead or alive");
        using var scope = Assert.EnterMultipleScope();
        Assert.That((await gateway.StatusAsync()).GetProperty("admin").GetString(), Is.EqualTo(admin));
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task A_worker_that_dies_after_an_upgrade_is_replaced_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await Gateway.StartAsync(new() { Program = Install(folder) });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        Assert.That((await gateway.Cli.RunAsync("upgrade")).ExitCode, Is.Zero);
        var worker = await gateway.WorkerPidAsync();

        Gateway.Kill(worker);

        using var client = Http.Http11(gateway.Address);
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"), "the connection waits in the backlog for the next worker");
        Assert.That(await gateway.Error.WaitForAsync($"process {worker}) ended"), Does.Contain("signal 9"));
    }

    [Test]
    public async Task Upgrades_are_made_although_the_replaced_worker_ends_at_that_very_moment()
    {
        const int upgrades = 12;
        using var folder = new TemporaryFolder();
        // Those before may take their time to end, and an upgrade does not wait for them.
        await using var gateway = await Gateway.StartAsync(new() { Program = Install(folder), Arguments = ["--set", "Worker:MaxDraining=100"] });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        for (var i = 1; i <= upgrades; i++)
        {
            // Nothing keeps the worker that is replaced: it ends while control leaves its descriptors to the next program.
            var upgrade = await gateway.Cli.RunAsync("upgrade");
            Assert.That(upgrade.ExitCode, Is.Zero, $"upgrade {i}: {upgrade}\n{gateway.Error}");
        }
        Assert.That(await UpgradesAsync(gateway), Is.EqualTo(upgrades));
    }

    [TestCase("text", "cannot take over", "Exec format error")]
    [TestCase("another program", "cannot take over", "does not answer as one")]
    [TestCase("wrong settings", "cannot take over", "Limits:Nonsense")]
    [TestCase("half of it", "cannot take over", "libe_sqlite3.so")]
    [TestCase("other address", "Listen or Admin has changed", "restart")]
    public async Task A_program_that_cannot_take_over_is_refused_and_the_old_one_serves_on(string what, params string[] reasons)
    {
        using var folder = new TemporaryFolder();
        var program = Install(folder);
        await using var gateway = await Gateway.StartAsync(new() { Program = program, Listen = [], Configuration = """{ "Listen": [ "http://127.0.0.1:0" ] }""" });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        var worker = await gateway.WorkerPidAsync();
        switch (what)
        {
            case "text":
                await ReplaceAsync(program, "nothing to run"u8.ToArray());
                break;
            case "another program":
                await ReplaceAsync(program, "#!/bin/sh\necho hello\n"u8.ToArray());
                break;
            case "half of it":
                File.Delete(folder["libe_sqlite3.so"]);
                break;
            default:
                File.WriteAllText(
                    Path.Combine(Path.GetDirectoryName(gateway.State)!, "edgegw.json"), what == "wrong settings" ? """{ "Listen": [ "http://127.0.0.1:0" ], "Limits": { "Nonsense": 1 } }""" : """{ "Listen": [ "http://127.0.0.1:0", "http://127.0.0.2:0" ] }""");
                break;
        }

        var upgrade = await gateway.Cli.RunAsync("upgrade");

        using var client = Http.Http11(gateway.Address);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(upgrade.ExitCode, Is.EqualTo(1), upgrade.ToString());
        foreach (var reason in reasons)
        {
            Assert.That(upgrade.Error, Does.Contain(reason));
        }
        Assert.That(await gateway.WorkerPidAsync(), Is.EqualTo(worker));
        Assert.That(await UpgradesAsync(gateway), Is.Zero);
        Assert.That(await client.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
    }

    // The published program in a folder of its own, where it can be exchanged.
    private static string Install(TemporaryFolder folder)
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Repository.GatewayBinary)!).Where(file => !file.EndsWith(".dbg", StringComparison.Ordinal)))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }
        return folder[Path.GetFileName(Repository.GatewayBinary)];
    }

    // As a package manager does: a new file in the place of the old one, which goes on in the processes that run it.
    private static async Task ReplaceAsync(string program, byte[] content)
    {
        File.Copy(program, program + ".new"); // for its mode
        await File.WriteAllBytesAsync(program + ".new", content);
        File.Move(program + ".new", program, overwrite: true);
    }

    private static async Task<int> UpgradesAsync(Gateway gateway) => (await gateway.StatusAsync()).GetProperty("control").GetProperty("upgrades").GetInt32();

    // On a kept connection, which the program that leaves may close in the very moment in which this asks. Calls on new ones are not lost, which CallAdminAsync sees.
    private static async Task<bool> IsUpgradedAsync(Gateway gateway, int count)
    {
        try
        {
            return await UpgradesAsync(gateway) == count;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<int> CallAdminAsync(Func<HttpClient> connect, CancellationToken done)
    {
        var count = 0;
        for (; !done.IsCancellationRequested; count++)
        {
            // A new connection each time, as each command of the command line makes.
            using var client = connect();
            Assert.That(await client.GetStringAsync("/healthz", CancellationToken.None), Is.EqualTo("ok\n"));
        }
        return count;
    }

    private static IEnumerable<int> Children(int pid) =>
        [.. Directory.GetDirectories($"/proc/{pid}/task").SelectMany(task => Read(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse)];

    // A thread may end before it is looked at.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
