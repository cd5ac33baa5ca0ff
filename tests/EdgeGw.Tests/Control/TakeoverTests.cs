using System.Net.Sockets;
using System.Text.Json;

namespace EdgeGw.Tests.Control;

/// <summary>A control that is killed leaves the worker serving, and the next one takes over.</summary>
public sealed class TakeoverTests
{
    [Test]
    public async Task The_next_control_takes_the_sockets_over_and_no_client_is_refused()
    {
        using var folder = new TestFolder();
        using var first = await ControlInProcess.StartAsync(folder["s"], "http://127.0.0.1:0");
        var (worker, url) = Record(folder);
        await first.KillAsync();
        using var client = new HttpClient();
        Assert.That(await client.GetStringAsync(url), Does.StartWith("worker 1"), "it serves with no control there");

        using var done = new CancellationTokenSource();
        var traffic = Task.Run(() => CallAsync(url, done.Token));
        using var second = await ControlInProcess.StartAsync(folder["s"], "http://127.0.0.1:0");
        await Eventually.TrueAsync(async () => await client.GetStringAsync(url) == "worker 2 epoch 0", "the new control's worker serves on the same port");
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{worker}"), "the orphan has ended");
        await done.CancelAsync();

        Assert.That(await traffic, Is.Empty, "connections refused");
        Assert.That(await second.StopAsync(), Is.Zero);
    }

    [Test]
    public async Task An_orphan_that_listens_elsewhere_is_stopped_first()
    {
        using var folder = new TestFolder();
        using var first = await ControlInProcess.StartAsync(folder["s"], "http://127.0.0.1:0");
        var (worker, url) = Record(folder);
        await first.KillAsync();

        using var second = await ControlInProcess.StartAsync(folder["s"], $"http://[::1]:{new Uri(url).Port}");
        Assert.That(ControlInProcess.ProcessesOf(folder["s"]), Does.Not.Contain(worker));
        Assert.That(Record(folder).Url, Is.EqualTo($"http://[::1]:{new Uri(url).Port}"));
        Assert.That(await second.StopAsync(), Is.Zero);
    }

    [Test]
    public async Task When_the_orphan_is_dead_too_the_port_is_bound_again()
    {
        using var folder = new TestFolder();
        using var first = await ControlInProcess.StartAsync(folder["s"], "http://127.0.0.1:0");
        var (worker, url) = Record(folder);
        await first.KillAsync();
        SupervisionTests.Kill(worker);
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{worker}"), "the orphan is gone");

        using var second = await ControlInProcess.StartAsync(folder["s"], url);
        using var client = new HttpClient();
        Assert.That(await client.GetStringAsync(url), Does.StartWith("worker 2"), "worker numbers go on");
        Assert.That(await second.StopAsync(), Is.Zero);
    }

    [Test]
    public async Task A_second_control_of_one_state_directory_is_refused()
    {
        using var folder = new TestFolder();
        using var first = await ControlInProcess.StartAsync(folder["s"], "http://127.0.0.1:0");
        using var second = ControlInProcess.Start(folder["s"], "http://127.0.0.1:0");
        var (exitCode, error) = await second.EndAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error.Trim(), Is.EqualTo($"edgegw: The state directory '{folder["s"]}' is in use by another edgegw (process {first.Id}); stop that one, or choose another directory with --state."));
        Assert.That(await first.StopAsync(), Is.Zero);
    }

    [TestCase("file/state", "cannot be written")]
    [TestCase("damaged", "0000000001.json is damaged")]
    [TestCase("a-name-so-long-that-no-unix-socket-fits-below-it-since-its-path-has-room-for-one-hundred-and-eight-bytes", "too long")]
    public async Task A_state_directory_that_cannot_be_used_is_one_sentence_and_exit_code_1(string name, string reason)
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["file"], "");
        Directory.CreateDirectory(folder["damaged/epochs"]);
        await File.WriteAllTextAsync(folder["damaged/epochs/0000000001.json"], "{");
        using var control = ControlInProcess.Start(folder[name], "http://127.0.0.1:0");
        var (exitCode, error) = await control.EndAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error.Trim().Split('\n'), Has.Length.EqualTo(1).And.One.Contains(reason));
    }

    private static (int Worker, string Url) Record(TestFolder folder)
    {
        using var record = JsonDocument.Parse(File.ReadAllBytes(folder["s/run/worker.json"]));
        return (record.RootElement.GetProperty("pid").GetInt32(), record.RootElement.GetProperty("listen")[0].GetString()!);
    }

    private static async Task<List<string>> CallAsync(string url, CancellationToken done)
    {
        var refused = new List<string>();
        while (!done.IsCancellationRequested)
        {
            try
            {
                using var client = new HttpClient(); // a new connection each time
                await client.GetStringAsync(url, CancellationToken.None);
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                refused.Add(e.Message);
            }
        }
        return refused;
    }
}
