namespace EdgeGw.EndToEnd.Tests.Isolation;

/// <summary>Isolated workers in control groups of cgroup v2. The gateway is started in a group of its own, as systemd does it.</summary>
[NonParallelizable]
public sealed class ControlGroupTests
{
    [Test]
    public async Task What_an_isolated_worker_has_forked_ends_with_it_and_no_group_is_left()
    {
        using var folder = new TemporaryFolder();
        var group = TryMakeGroup();
        var program = folder["edgegw"];
        await File.WriteAllTextAsync(program, $"#!/bin/sh\n{(group is null ? "" : $"echo $$ > {group}/cgroup.procs\n")}exec {Repository.GatewayBinary} \"$@\"\n");
        await Command.RunAsync("chmod", ["+x", program]);
        try
        {
            await using var gateway = await Gateway.StartAsync(new() { Program = program, Arguments = ["--set", $"Worker:ControlGroups={(group is null ? "auto" : "on")}"] });
            using var client = Http.Http11(gateway.Address);
            await gateway.DeployAsync(Repository.Fixture("unruly"), "--isolation", "process", "--memory", "64MB");
            if (group is null)
            {
                // No cgroup v2 here that may be written to: then it is as if there were no groups at all.
                Assert.That(await client.GetStringAsync("/unruly/not"), Is.EqualTo("alive\n"));
                return;
            }
            var worker = await IsolatedHandlerTests.PidAsync(gateway, "unruly");
            var child = await client.GetStringAsync("/unruly/leave");
            Assert.That(await GroupAsync(child), Does.Match($"/edgegw-worker-[0-9]+-{worker}$"), "with its parent");
            Assert.That(await GroupAsync($"{gateway.ControlPid}"), Does.EndWith("/edgegw"), "control has a leaf of its own");

            Gateway.Kill(worker);

            await Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists($"/proc/{child}")), () => $"the child is gone\n{gateway.Error}");
            await Eventually.TrueAsync(async () => await IsolatedHandlerTests.PidAsync(gateway, "unruly") != worker, () => "the next one serves");
            Assert.That(await gateway.StopAsync(), Is.Zero);
            Assert.That(Directory.GetDirectories(group).Select(Path.GetFileName), Is.EqualTo(new[] { "edgegw" }));
        }
        finally
        {
            if (group is not null)
            {
                await Eventually.TrueAsync(() => Task.FromResult(TryRemove(Path.Combine(group, "edgegw")) && TryRemove(group)), () => $"nobody is left in {group}");
            }
        }
    }

    private static async Task<string> GroupAsync(string process) => (await File.ReadAllLinesAsync($"/proc/{process}/cgroup")).Single(line => line.StartsWith("0::", StringComparison.Ordinal));

    // Below the group that the tests are in; null where there is no cgroup v2, or only to read.
    private static string? TryMakeGroup()
    {
        var mount = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(fields => fields[2] == "cgroup2");
        var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
        if (mount is null || own is null)
        {
            return null;
        }
        var group = Path.Combine(mount[1], own[3..].Trim('/'), $"edgegw-groups-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(group);
            return File.Exists(Path.Combine(group, "cgroup.kill")) ? group : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool TryRemove(string group)
    {
        try
        {
            Directory.Delete(group);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
