using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeGw.Configuration;

namespace EdgeGw.Tests.Control;

/// <summary>A second worker takes the place of the first, or the first stays.</summary>
public sealed class HandOverTests
{
    [Test]
    public async Task The_new_worker_serves_the_desired_epoch_and_the_old_one_ends()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        var old = await control.WorkerPidAsync();

        Assert.That(await ReloadAsync(control), Is.EqualTo(200));

        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 2 epoch 1"));
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{old}"), "the first worker has ended");
        await Eventually.TrueAsync(async () => (await DrainingAsync(control)) == 0, "it is not shown any more");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(Directory.GetFiles(Path.Combine(control.State, "run"), "worker-*").Select(Path.GetFileName), Is.EquivalentTo((string[])["worker-2.sock", "worker-2.fds", "worker-2.live"]));
        Assert.That(JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(control.State, "run", "worker.json"))).RootElement.GetProperty("id").GetInt32(), Is.EqualTo(2));
        Assert.That(await control.Http.GetStringAsync("/metrics"), Does.Contain("edgegw_control_handovers_total{reason=\"reload\",outcome=\"made\"} 1\n").And.Contain("edgegw_control_worker_restarts_total 0\n"));
        // Changes go to the one in service.
        Assert.That((await control.DeployAsync(RunningControl.Handler("hello", 2))).Status, Is.EqualTo(201));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 2 epoch 2"));
    }

    [Test]
    public async Task A_new_worker_that_is_killed_before_it_is_ready_changes_nothing()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        var old = await control.WorkerPidAsync();
        var (reload, starting) = await BeginAsync(control);

        SupervisionTests.Kill(starting);

        using var answer = await reload;
        Assert.That((int)answer.StatusCode, Is.EqualTo(422));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("signal 9").And.Contain("The worker from before serves on"));
        Assert.That(await control.WorkerPidAsync(), Is.EqualTo(old));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 1 epoch 1"));
        Assert.That(await ReloadAsync(control), Is.EqualTo(200), "the next one is made");
    }

    [Test]
    public async Task A_new_worker_that_refuses_the_epoch_says_why()
    {
        await using var control = await RunningControl.StartAsync();
        await File.WriteAllTextAsync(control.Script("refuse-boot"), """["the library was changed"]""");
        using var answer = await control.Http.PostAsync("/api/v1/reload", null);
        Assert.That((int)answer.StatusCode, Is.EqualTo(422));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("the library was changed"));
        Assert.That(await control.TrafficAsync(), Does.StartWith("worker 1"));
    }

    [Test]
    public async Task A_new_worker_that_does_not_become_ready_is_killed()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Worker.StartTimeoutMs = 1_500);
        await File.WriteAllTextAsync(control.Script("hang-at-start"), "");
        using var answer = await control.Http.PostAsync("/api/v1/reload", null);
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("not ready within 1500 ms"));
        Assert.That(ControlInProcess.ProcessesOf(control.State), Is.EqualTo(new[] { await control.WorkerPidAsync() }));
    }

    [Test]
    public async Task The_new_worker_is_the_next_one_when_the_old_one_dies_meanwhile()
    {
        await using var control = await RunningControl.StartAsync();
        var old = await control.WorkerPidAsync();
        var (reload, _) = await BeginAsync(control);

        SupervisionTests.Kill(old);
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{old}"), "the first worker is dead");
        await GoAsync(control);

        Assert.That((int)(await reload).StatusCode, Is.EqualTo(200));
        Assert.That(await control.TrafficAsync(), Does.StartWith("worker 2"));
        await Eventually.TrueAsync(async () => await DrainingAsync(control) == 0, "the dead one is forgotten");
        Assert.That(ControlInProcess.ProcessesOf(control.State), Has.Count.EqualTo(1), "no third one was started");
    }

    [Test]
    public async Task A_change_made_meanwhile_waits_and_goes_to_the_new_worker()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        var (reload, _) = await BeginAsync(control);

        var deploy = control.DeployAsync(RunningControl.Handler("hello", 2));
        await GoAsync(control);

        Assert.That((int)(await reload).StatusCode, Is.EqualTo(200));
        Assert.That((await deploy).Status, Is.EqualTo(201));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 2 epoch 2"));
    }

    [Test]
    public async Task Stopping_in_the_middle_leaves_no_worker_behind()
    {
        using var folder = new TestFolder();
        Task<HttpResponseMessage> reload;
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            (reload, _) = await BeginAsync(control);
        }
        Assert.That(ControlInProcess.ProcessesOf(folder["s"]), Is.Empty);
        await ((Task)reload).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Test]
    public async Task With_as_many_draining_as_may_be_no_other_is_replaced()
    {
        await using var control = await RunningControl.StartAsync(settings =>
        {
            settings.Worker.MaxDraining = 1;
            settings.Worker.StopTimeoutMs = 100;
        });
        await File.WriteAllTextAsync(control.Script("ignore-stop"), "");
        Assert.That(await ReloadAsync(control), Is.EqualTo(200));
        using var refused = await control.Http.PostAsync("/api/v1/reload", null);
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("Worker:MaxDraining"));
        Assert.That(await DrainingAsync(control), Is.EqualTo(1));
    }

    [Test]
    public async Task Following_the_log_goes_on_with_the_new_worker_while_the_old_one_drains()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Worker.StopTimeoutMs = 100);
        await File.WriteAllTextAsync(control.Script("ignore-stop"), "");
        using var hello = new StreamReader(await control.Http.GetStreamAsync("/api/v1/logs?follow=true&handler=hello"));
        Assert.That(await hello.ReadLineAsync(), Does.Contain("worker 1"));
        Assert.That(await ReloadAsync(control), Is.EqualTo(200));
        Assert.That(await hello.ReadLineAsync(), Does.Contain("worker 2"));
    }

    [Test]
    public async Task A_ledger_over_its_budget_is_noticed_after_a_change()
    {
        // The scripted worker's ledger has one version, and it is retired; the bytes and threads are 1 each.
        await using var control = await RunningControl.StartAsync(settings => settings.Ledger = new LedgerSettings { Versions = 0, CheckMs = 3_600_000 });
        Assert.That(await control.TrafficAsync(), Does.StartWith("worker 1"));
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await Eventually.TrueAsync(async () => (await control.Http.GetStringAsync("/metrics")).Contains("reason=\"ledger\",outcome=\"made\"} 1\n", StringComparison.Ordinal), "the worker was handed over");
        JsonElement entry = default;
        await Eventually.TrueAsync(
            async () => (entry = (await control.Http.GetFromJsonAsync<JsonElement>("/api/v1/deployments")).GetProperty("items")[0]).GetProperty("action").GetString() == "hand-over", "the log of deployments has it");
        Assert.That((entry.GetProperty("result").GetString(), entry.GetProperty("principal").GetString()), Is.EqualTo(("made", "gateway")));
        Assert.That(entry.GetProperty("reason").GetString(), Does.Contain("more than 0 (Ledger:Versions)"));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 2 epoch 1"));
    }

    private static async Task<int> ReloadAsync(RunningControl control)
    {
        using var answer = await control.Http.PostAsync("/api/v1/reload", null);
        return (int)answer.StatusCode;
    }

    // A hand-over whose new worker waits just before it is ready.
    private static async Task<(Task<HttpResponseMessage> Reload, int Starting)> BeginAsync(RunningControl control)
    {
        var gate = Path.Combine(control.State, "gate");
        using (var make = Process.Start("mkfifo", [gate + ".pipe"]))
        {
            await make.WaitForExitAsync();
        }
        await File.WriteAllTextAsync(control.Script("gate-start"), gate);
        var before = ControlInProcess.ProcessesOf(control.State);
        var reload = control.Http.PostAsync("/api/v1/reload", null);
        await Eventually.TrueAsync(() => File.Exists(gate) && new FileInfo(gate).Length > 0, "the new worker is starting");
        File.Delete(control.Script("gate-start"));
        return (reload, ControlInProcess.ProcessesOf(control.State).Except(before).Single());
    }

    private static async Task GoAsync(RunningControl control)
    {
        await using var open = new FileStream(Path.Combine(control.State, "gate.pipe"), FileMode.Open, FileAccess.Write);
    }

    private static async Task<int> DrainingAsync(RunningControl control) => (await control.StatusAsync()).GetProperty("draining").GetArrayLength();
}
