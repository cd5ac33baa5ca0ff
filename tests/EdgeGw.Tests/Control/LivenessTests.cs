using EdgeGw.Control.Supervision;

namespace EdgeGw.Tests.Control;

/// <summary>A worker that has stopped without ending.</summary>
public sealed class LivenessTests
{
    [Test]
    public async Task A_worker_whose_event_loops_stand_still_is_killed_and_replaced()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Worker.LivenessTimeoutMs = 400);
        var script = control.Script("stand-still");
        var first = await WorkerAsync(control);
        File.WriteAllText(script, "");
        await Eventually.TrueAsync(async () => (await control.Http.GetStringAsync("/metrics")).Contains("edgegw_control_workers_frozen_total 1", StringComparison.Ordinal), "the worker is found standing still");
        File.Delete(script);
        await Eventually.TrueAsync(async () => await WorkerAsync(control) is { } now && now != first, "another worker serves");
        Assert.That(control.LogText(), Does.Contain("stood still for 400 ms (Worker:LivenessTimeoutMs), so it was killed."));
    }

    [Test]
    public async Task Nobody_looks_when_the_setting_is_0()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Worker.LivenessTimeoutMs = 0, prepare: state => File.WriteAllText(Path.Combine(state, "script", "stand-still"), ""));
        var pulse = new WorkerPulse(Directory.GetFiles(Path.Combine(control.State, "run"), "worker-*.live").Single(), TimeProvider.System);
        Assert.That(await pulse.FeelAsync(TimeSpan.FromMilliseconds(200)), Is.False);
        Assert.That(await control.Http.GetStringAsync("/metrics"), Does.Contain("edgegw_control_workers_frozen_total 0"));
    }

    [Test]
    public async Task A_pulse_is_not_felt_where_nobody_listens()
    {
        using var folder = new TestFolder();
        Assert.That(await new WorkerPulse(folder["worker-1.live"], TimeProvider.System).FeelAsync(TimeSpan.FromMilliseconds(50)), Is.False);
    }

    private static async Task<int?> WorkerAsync(RunningControl control) => (await control.StatusAsync()).GetProperty("worker") is { ValueKind: System.Text.Json.JsonValueKind.Object } worker
        ? worker.GetProperty("pid").GetInt32()
        : null;
}
