using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>The real worker, started with an epoch that it cannot serve.</summary>
public sealed class StrictWorkerTests
{
    private TestFolder _folder = null!;
    private StateDirectory _state = null!;
    private ListenSockets _sockets = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TestFolder();
        _state = StateDirectory.Open(_folder["s"]);
        _sockets = ListenSockets.Bind([ListenAddress.Parse("http://127.0.0.1:0", "--listen")], "--listen");
        File.WriteAllBytes(_state.SettingsFile, JsonSerializer.SerializeToUtf8Bytes(new GatewaySettings(), SettingsJson.Default.GatewaySettings));
        Write("lost.json", new EpochConfig { Number = 7, Created = EpochSamples.Now, Action = "deploy", Reason = "a test", Handlers = [EpochSamples.Handler("lost", 1)] });
    }

    [TearDown]
    public void TearDown()
    {
        _sockets.Dispose();
        _state.Dispose();
        _folder.Dispose();
    }

    [TestCase("lost.json", "lost 1.0.0: ")]
    [TestCase("absent.json", "cannot be read")]
    public async Task A_strict_worker_refuses_an_epoch_that_it_cannot_serve_whole_and_ends(string file, string reason)
    {
        using var worker = Start(file, strict: true);
        Assert.That(await worker.Ready, Is.False);
        Assert.That(worker.Refusals, Has.Count.EqualTo(1).And.One.Contains(reason));
        Assert.That(await worker.Exited, Is.EqualTo(1));
    }

    [Test]
    public async Task Another_worker_serves_what_it_can()
    {
        using var worker = Start("lost.json", strict: false);
        Assert.That(await worker.Ready, Is.True);
        Assert.That(worker.Epoch, Is.EqualTo(7));
        worker.Kill();
        await worker.Exited;
    }

    [Test]
    public async Task A_strict_worker_serves_without_what_the_one_before_could_not_start_either()
    {
        using var worker = Start("lost.json", strict: true, EpochSamples.Handler("lost", 1));
        Assert.That(await worker.Ready, Is.True);
        Assert.That((await worker.Client.StatusAsync(CancellationToken.None))!.FailedOf([EpochSamples.Handler("lost", 1)]), Has.Count.EqualTo(1));
        worker.Kill();
        await worker.Exited;
    }

    [Test]
    public async Task What_could_not_be_started_refuses_no_change_of_another_handler_until_it_is_tried_again()
    {
        using var worker = Start("lost.json", strict: false);
        Assert.That(await worker.Ready, Is.True);
        var epoch = JsonSerializer.Deserialize(File.ReadAllBytes(_folder["lost.json"]), EpochJson.Default.EpochConfig)! with { Number = 8, Reason = "another" };
        Write("next.json", epoch);
        Write("two.json", epoch with { Number = 9, Handlers = [.. epoch.Handlers, EpochSamples.Handler("lost-too", 1)] });

        Assert.That((await ShowAsync("next.json")).Result, Is.EqualTo(ApplyResult.Accepted));
        Assert.That((await ShowAsync("two.json")).Reasons, Has.Count.EqualTo(1).And.One.StartsWith("lost-too 1.0.0: "), "its own failure does");
        Assert.That((await ShowAsync("next.json", "lost")).Reasons, Has.Count.EqualTo(1).And.One.StartsWith("lost 1.0.0: "));
        Assert.That((await worker.Client.StatusAsync(CancellationToken.None))!.Epoch, Is.EqualTo(8));
        worker.Kill();
        await worker.Exited;

        Task<ApplyOutcome> ShowAsync(string file, params string[] again) => worker.Client.PutEpochAsync(_folder[file], TimeSpan.FromMinutes(1), again);
    }

    [Test]
    public async Task Killing_a_worker_that_has_ended_and_is_forgotten_does_nothing()
    {
        var worker = Start("absent.json", strict: true);
        await worker.Exited;
        worker.Kill();
        worker.Dispose();
        Assert.That(worker.Kill, Throws.Nothing);
    }

    private void Write(string file, EpochConfig epoch) => File.WriteAllBytes(_folder[file], JsonSerializer.SerializeToUtf8Bytes(epoch, EpochJson.Default.EpochConfig));

    private WorkerInstance Start(string file, bool strict, params EpochHandler[] excused) =>
        WorkerInstance.Start(1, new EdgeGwCommand(Path.Combine(AppContext.BaseDirectory, "edgegw")), _state, new(), _sockets, _folder[file], strict, [], new Dictionary<string, string>(), TimeProvider.System, excused);
}
