using System.Diagnostics;

namespace EdgeGw.Tests.Control;

/// <summary>There is always a worker, or one on its way.</summary>
public sealed class SupervisionTests
{
    [Test]
    public async Task A_killed_worker_is_replaced_and_no_client_is_refused()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        for (var round = 1; round <= 3; round++)
        {
            Kill(await control.WorkerPidAsync());
            // Sent at once: it waits in the backlog of the socket that control holds open.
            Assert.That(await control.TrafficAsync(), Is.EqualTo($"worker {round + 1} epoch 1"));
            await control.ReadyAsync();
        }
        Assert.That((await control.StatusAsync()).GetProperty("worker").GetProperty("restarts").GetInt32(), Is.EqualTo(3));
        Assert.That(Directory.GetFiles(Path.Combine(control.State, "run"), "worker-?.sock"), Has.Length.EqualTo(1), "the dead ones' sockets are removed");
    }

    [Test]
    public async Task An_epoch_that_kills_every_worker_can_be_rolled_back()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await control.DeployAsync(RunningControl.Handler("hello", 2));
        await File.WriteAllTextAsync(control.Script("die-with-epoch"), "2 3");
        Kill(await control.WorkerPidAsync());
        await Eventually.TrueAsync(async () => await control.RestartsAsync() >= 4, "workers keep dying");

        var (refused, body) = await control.DeployAsync(RunningControl.Handler("hello", 3)); // epoch 3 dies as well
        Assert.That(refused, Is.EqualTo(503));
        Assert.That(body.GetProperty("reasons")[0].GetString(), Does.Contain("signal 9"));
        Assert.That(control.Epochs(), Has.Length.EqualTo(2));

        await File.WriteAllTextAsync(control.Script("die-with-epoch"), "2");
        Assert.That((await control.RollBackAsync("{}")).Status, Is.EqualTo(201));
        Assert.That(await control.TrafficAsync(), Does.EndWith("epoch 3"));
    }

    [Test]
    public async Task A_worker_that_does_not_become_ready_is_killed_and_another_is_started()
    {
        await using var control = await RunningControl.StartAsync(
            settings => settings.Worker.StartTimeoutMs = 1_500, wait: false, prepare: state => File.WriteAllText(Path.Combine(state, "script", "hang-at-start"), ""));
        await Eventually.TrueAsync(async () => await control.RestartsAsync() >= 1, "a second worker was started");
        Assert.That((int)(await control.Http.GetAsync("/readyz")).StatusCode, Is.EqualTo(503));
        File.Delete(control.Script("hang-at-start"));
        await control.ReadyAsync();
    }

    [Test]
    public async Task A_worker_that_stands_still_in_a_library_s_start_is_followed_by_one_without_that_library()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Worker.StartTimeoutMs = 1_500);
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        await File.WriteAllTextAsync(control.Script("hang-in-load"), "");
        Kill(await control.WorkerPidAsync());

        await Eventually.TrueAsync(async () => (await control.StatusAsync()).GetProperty("quarantine").GetArrayLength() == 1, "the version is taken out of service");
        var crashes = (await control.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/crashes"))).Body.GetProperty("crashes");
        Assert.That(crashes[0].GetProperty("handler").GetString(), Is.EqualTo("hello"));
        Assert.That(crashes[0].GetProperty("cause").GetString(), Does.Contain("a library was in its start"));
        Assert.That(await control.TrafficAsync(), Does.EndWith("epoch 2"));
    }

    [Test]
    public async Task The_libraries_that_a_worker_copied_go_with_it_and_those_of_a_lost_one_at_the_next_start()
    {
        await using var control = await RunningControl.StartAsync(prepare: state => Copy(state, 77));
        Assert.That(Directory.GetDirectories(Path.Combine(control.State, "run", "copies")), Is.Empty, "no worker 77 lives");
        Copy(control.State, 1);
        Kill(await control.WorkerPidAsync());
        await Eventually.TrueAsync(() => !Directory.Exists(Path.Combine(control.State, "run", "copies", "1")), "the copies of worker 1 are removed");

        static void Copy(string state, int worker)
        {
            var folder = Directory.CreateDirectory(Path.Combine(state, "run", "copies", $"{worker}", "3"));
            File.WriteAllText(Path.Combine(folder.FullName, "lib.so"), "");
        }
    }

    [Test]
    public async Task A_worker_started_just_before_a_change_is_brought_to_it()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("hello", 1));
        // It accepts epoch 2 and is killed before it can be told that this is the desired one; its successor may have booted either.
        var deploy = control.DeployAsync(RunningControl.Handler("hello", 2));
        await Eventually.TrueAsync(async () => await control.TrafficAsync() == "worker 1 epoch 2", "the worker serves the new epoch");
        Kill(await control.WorkerPidAsync());
        await deploy;
        await Eventually.TrueAsync(async () => await control.TrafficAsync() == "worker 2 epoch 2", "the next worker serves it too");
    }

    [Test]
    public async Task Stopping_lets_the_worker_end_and_removes_the_sockets()
    {
        using var folder = new TestFolder();
        int worker;
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            worker = await control.WorkerPidAsync();
        }
        Assert.That(() => Process.GetProcessById(worker), Throws.ArgumentException);
        Assert.That(Directory.GetFiles(folder["s/run"]).Select(path => Path.GetFileName(path)), Is.EqualTo((string[])["settings.json"]));
        Assert.That(File.Exists(folder["s/control.sock"]), Is.False);
    }

    [Test]
    public async Task A_worker_that_ignores_the_stop_is_killed()
    {
        using var folder = new TestFolder();
        int worker;
        await using (var control = await RunningControl.StartAsync(settings => settings.Worker.StopTimeoutMs = 100, folder["s"]))
        {
            worker = await control.WorkerPidAsync();
            await File.WriteAllTextAsync(control.Script("ignore-stop"), "");
        }
        Assert.That(() => Process.GetProcessById(worker), Throws.ArgumentException);
    }

    [Test]
    public async Task A_scout_does_not_inherit_the_listening_sockets()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Handlers.LoadTimeoutMs = 20_000);
        using var given_up = new CancellationTokenSource();
        var deploy = control.Http.PostAsync("/api/v1/deployments", RunningControl.Library("hang"), given_up.Token);
        var scout = 0;
        await Eventually.TrueAsync(() => (scout = FindScout(control.State)) != 0, "the scout runs");

        var listening = File.ReadAllLines("/proc/net/tcp").Where(line => line.Contains($":{new Uri(control.Host.Urls[0]).Port:X4} 00000000:0000 0A", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[9]).ToList();
        var held = Directory.GetFiles($"/proc/{scout}/fd").Select(path => new FileInfo(path).LinkTarget).ToList();

        Assert.That(listening, Has.Count.EqualTo(1));
        Assert.That(held, Has.None.EqualTo($"socket:[{listening[0]}]"));
        await given_up.CancelAsync();
        Assert.That(async () => await deploy, Throws.InstanceOf<OperationCanceledException>());
        await Eventually.TrueAsync(() => FindScout(control.State) == 0, "a deploy that nobody waits for any more ends its scout");
    }

    private static int FindScout(string state) => ControlInProcess.ProcessesOf(state, "scout") is [var scout, ..] ? scout : 0;

    internal static void Kill(int processId) => Process.GetProcessById(processId).Kill();
}
