using System.Collections.Concurrent;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Every call with which a deploy changes the state directory goes wrong once: afterwards the gateway is as it was before the deploy or as it is after it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StateFaultTests
{
    // More calls than any deploy makes: a loop that does not end is a fault of the test.
    private const int MostCalls = 200;

    // Side by side: most of a kill is waiting for processes to start.
    private const int Series = 4;

    private readonly ConcurrentQueue<string> _table = [];

    [Test]
    public async Task Control_killed_at_any_write_of_a_deploy_comes_back_with_the_old_epoch_or_the_new_one()
    {
        // Each series of kills has a state directory of its own, and begins one call further than the one before it.
        var series = await Task.WhenAll(Enumerable.Range(1, Series).Select(KillFromAsync));
        TestContext.Out.WriteLine($"{string.Join('\n', _table.Order(StringComparer.Ordinal))}\n{series.Sum(one => one.Kept)} kills left the old epoch, {series.Sum(one => one.Made)} the new one");
        Assert.That(series.Sum(one => one.Kept), Is.GreaterThan(5));
        Assert.That(series.Sum(one => one.Made), Is.GreaterThan(Series), "the last of each series is behind the last call");
    }

    private async Task<(int Kept, int Made)> KillFromAsync(int first)
    {
        using var folder = new TemporaryFolder();
        using var faults = new DiskFaults();
        var (kept, made, epoch) = (0, 0, 1L);
        await DeployFirstAsync(folder["state"]);
        for (var number = first; ; number += Series)
        {
            Assert.That(number, Is.LessThan(MostCalls));
            var fired = await KillAtAsync(number, folder, faults);
            await using var after = await Gateway.StartAsync(new() { State = folder["state"], Environment = Environment() });
            if (await AssertWholeAsync(after) == epoch)
            {
                kept++;
                await after.DeployAsync(Library(folder, number));
            }
            else
            {
                made++;
            }
            Assert.That(await AssertWholeAsync(after), Is.EqualTo(++epoch), "every round ends one epoch further");
            Assert.That(await after.StopAsync(), Is.Zero);
            if (!fired)
            {
                return (kept, made);
            }
        }
    }

    [TestCase(DiskFault.Full)]
    [TestCase(DiskFault.Broken)]
    public async Task A_disk_that_fails_at_any_write_of_a_deploy_refuses_it_whole_or_not_at_all(DiskFault fault)
    {
        using var folder = new TemporaryFolder();
        using var faults = new DiskFaults();
        await DeployFirstAsync(folder["state"]);
        await using var gateway = await Gateway.StartAsync(new() { State = folder["state"], Environment = Environment(faults, folder["state"]) });
        long epoch = 1;
        var refused = 0;
        for (var number = 1; ; number++)
        {
            Assert.That(number, Is.LessThan(MostCalls));
            faults.Arm(number, fault);
            var deploy = await gateway.Cli.RunAsync("deploy", Library(folder, number));
            faults.Disarm();
            var fired = faults.Count >= number;
            _table.Enqueue($"{number,3} {faults.Calls.ElementAtOrDefault(number - 1) ?? "-",-10} {(deploy.ExitCode == 0 ? "made" : deploy.Error.Split('\n')[0])}");
            epoch += deploy.ExitCode == 0 ? 1 : 0;
            if (deploy.ExitCode != 0)
            {
                refused++;
                Assert.That(deploy.Error, Does.StartWith("edgegw: The state directory cannot be written: ").And.Contain("Nothing was changed."), _table.Last());
                Assert.That(deploy.Error.Trim().Split('\n'), Has.Length.EqualTo(1), deploy.Error);
                Assert.That(deploy.Error, fault == DiskFault.Full ? Does.Contain("the disk is full") : Does.Contain("Input/output error"), deploy.Error);
            }
            if (fired && faults.Calls[number - 1] is "open" or "write" or "fsync" or "rename")
            {
                Assert.That(deploy.ExitCode, Is.EqualTo(1), $"what was not written is no success: {_table.Last()}");
            }
            Assert.That(await AssertWholeAsync(gateway, allowLeftovers: deploy.ExitCode == 0 || fault == DiskFault.Broken), Is.EqualTo(epoch), _table.Last());
            if (!fired)
            {
                break;
            }
        }
        // Whatever could not be removed in the middle of a fault goes with a later change, or at the next start.
        Assert.That(await gateway.StopAsync(), Is.Zero);
        await using var after = await Gateway.StartAsync(new() { State = folder["state"], Environment = Environment() });
        Assert.That(await AssertWholeAsync(after), Is.EqualTo(epoch));
        TestContext.Out.WriteLine($"{string.Join('\n', _table)}\n{refused} refused");
        Assert.That(refused, Is.GreaterThan(5));
    }

    // Keeps two epochs, so that each deploy removes an old one and its library as well.
    private static Dictionary<string, string?> Environment(DiskFaults? faults = null, string state = "") =>
        new(faults?.Environment(state) ?? []) { ["EDGEGW_HANDLERS__KEEPEPOCHS"] = "2" };

    private static async Task DeployFirstAsync(string state)
    {
        await using var gateway = await Gateway.StartAsync(new() { State = state, Environment = Environment() });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
    }

    // Each a library of its own: what lies behind an ELF file's sections is nobody's business.
    private static string Library(TemporaryFolder folder, int number)
    {
        var path = folder[$"ok-{number}.so"];
        File.WriteAllBytes(path, [.. File.ReadAllBytes(Repository.Fixture(number % 2 == 0 ? "ok1" : "ok2")), (byte)number]);
        return path;
    }

    // Whether there was such a call at all.
    private async Task<bool> KillAtAsync(int number, TemporaryFolder folder, DiskFaults faults)
    {
        await using var gateway = await Gateway.StartAsync(new() { State = folder["state"], Environment = Environment(faults, folder["state"]) });
        await gateway.StatusAsync();
        faults.Arm(number, DiskFault.Kill);
        var deploy = await gateway.Cli.RunAsync("deploy", Library(folder, number));
        var fired = faults.Count >= number;
        if (fired && deploy.ExitCode != 0)
        {
            await Eventually.TrueAsync(() => Task.FromResult(gateway.HasExited), () => $"control was killed: {deploy}");
        }
        // The call may be one of the scout's, which is then tried once more; or one behind the answer.
        faults.Disarm();
        _table.Enqueue($"{number,3} {faults.Calls.ElementAtOrDefault(number - 1) ?? "-",-10} control {(gateway.HasExited ? "killed" : "lives")}, the deploy {(deploy.ExitCode == 0 ? "answered" : "did not answer")}");
        return fired;
    }

    // What the state directory, the status and the traffic say is one and the same; the epoch's number.
    private static async Task<long> AssertWholeAsync(Gateway gateway, bool allowLeftovers = false)
    {
        using var client = Http.Http11(gateway.Address);
        var epoch = (await gateway.StatusAsync()).GetProperty("epoch").GetInt64();
        var epochs = Directory.GetFiles(Path.Combine(gateway.State, "epochs")).Order().ToArray();
        var documents = epochs.Where(path => path.EndsWith(".json", StringComparison.Ordinal)).Select(path => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement).ToArray();
        var handler = documents[^1].GetProperty("handlers")[0];
        var served = await client.GetStringAsync("/ok");
        var named = documents.Select(document => document.GetProperty("handlers")[0].GetProperty("sha256").GetString()!).Distinct().Order().ToArray();
        using var scope = Assert.EnterMultipleScope();
        Assert.That(documents[^1].GetProperty("number").GetInt64(), Is.EqualTo(epoch), "the newest file is the epoch in force");
        Assert.That(served, Is.EqualTo($"{{\"version\":{handler.GetProperty("version").GetString()![0]}}}"), "traffic sees the same");
        if (!allowLeftovers)
        {
            Assert.That(epochs.Select(path => Path.GetExtension(path)), Is.All.EqualTo(".json"), "no candidate is left");
            Assert.That(Directory.GetFileSystemEntries(Path.Combine(gateway.State, "artifacts")).Select(path => Path.GetFileName(path)).Order(), Is.EqualTo(named), "no library and no upload is left");
            Assert.That(Directory.GetFiles(Path.Combine(gateway.State, "run")).Select(path => Path.GetFileName(path)!).Where(name => name.StartsWith("scout", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal) || name.EndsWith(".part", StringComparison.Ordinal)), Is.Empty, "no report is left");
        }
        return epoch;
    }
}
