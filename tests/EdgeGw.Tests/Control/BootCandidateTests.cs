using System.Diagnostics;
using System.Text.RegularExpressions;

namespace EdgeGw.Tests.Control;

/// <summary>A change that comes while no worker is in service.</summary>
public sealed class BootCandidateTests
{
    [Test]
    public async Task A_change_that_the_starting_worker_refuses_never_becomes_the_desired_state()
    {
        await using var control = await WithDyingWorkersAsync();
        await File.WriteAllTextAsync(control.Script("refuse-boot"), """["hello 1.0.0: its library is broken","and so is another"]""");

        var (status, body) = await control.RollBackAsync("{}");

        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()), Is.EqualTo((string[])["hello 1.0.0: its library is broken", "and so is another"]));
        Assert.That(control.Epochs(), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_worker_that_becomes_ready_with_another_epoch_does_not_make_the_change()
    {
        await using var control = await WithDyingWorkersAsync();
        await File.WriteAllTextAsync(control.Script("boot-another"), "0");

        var (status, body) = await control.RollBackAsync("{}");

        Assert.That(status, Is.EqualTo(422));
        Assert.That(body.GetProperty("reasons")[0].GetString(), Does.Contain("serves epoch 0").And.Contain("epoch 3"));
        Assert.That(control.Epochs(), Has.Length.EqualTo(2));
        File.Delete(control.Script("boot-another"));
        Assert.That((await control.RollBackAsync("{}")).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task A_worker_that_is_starting_is_not_killed_by_a_change_but_shown_it()
    {
        await using var control = await WithDyingWorkersAsync();
        var gate = control.Script("gate");
        using (var make = Process.Start("mkfifo", [gate + ".pipe"]))
        {
            await make.WaitForExitAsync();
        }
        await File.WriteAllTextAsync(control.Script("gate-start"), gate);
        File.Delete(control.Script("die-with-epoch"));
        await Eventually.TrueAsync(() => File.Exists(gate) && new FileInfo(gate).Length > 0, "a worker is starting");
        var starting = await File.ReadAllTextAsync(gate);
        File.Delete(control.Script("gate-start"));

        var change = control.RollBackAsync("{}");
        await Eventually.TrueAsync(() => control.Epochs().Length == 3, "the change is on its way");
        await using (new FileStream(gate + ".pipe", FileMode.Open, FileAccess.Write))
        {
            Assert.That((await change).Status, Is.EqualTo(201));
        }
        Assert.That(await control.TrafficAsync(), Is.EqualTo($"worker {starting} epoch 3"));
    }

    [Test]
    public async Task A_change_does_not_end_the_pauses_between_starts_that_fail()
    {
        using var folder = new TestFolder();
        var executable = folder["edgegw"];
        File.CreateSymbolicLink(executable, RunningControl.Roles);
        await using var control = await RunningControl.StartAsync(executable: executable);
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await control.DeployAsync(RunningControl.Handler("hello", 2));
        var worker = await control.WorkerPidAsync();
        File.Delete(executable);
        SupervisionTests.Kill(worker);
        await Eventually.TrueAsync(() => Failures(control) >= 6, "the pauses have grown to their full length");

        Assert.That((await control.RollBackAsync("{}")).Status, Is.EqualTo(503));

        var started = Stopwatch.GetTimestamp();
        var before = Failures(control);
        await Eventually.TrueAsync(() => Failures(control) >= before + 20, "it is tried again and again");
        // 19 pauses of Worker.RestartBackoffMs (200) lie between 20 starts. So many, for their lines in the log may come late: what had failed in two seconds before may be among them. Without the
        // pauses 20 starts take some milliseconds.
        Assert.That(Stopwatch.GetElapsedTime(started).TotalMilliseconds, Is.GreaterThan(1_500));

        File.CreateSymbolicLink(executable, RunningControl.Roles);
        await control.ReadyAsync();
    }

    private static int Failures(RunningControl control) => Regex.Count(control.LogText(), "The worker cannot be started");

    // Epoch 2 is desired and kills every worker; a rollback would make epoch 3.
    private static async Task<RunningControl> WithDyingWorkersAsync()
    {
        var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await control.DeployAsync(RunningControl.Handler("hello", 2));
        await File.WriteAllTextAsync(control.Script("die-with-epoch"), "2");
        SupervisionTests.Kill(await control.WorkerPidAsync());
        await Eventually.TrueAsync(async () => await control.RestartsAsync() >= 4, "workers keep dying");
        return control;
    }
}
