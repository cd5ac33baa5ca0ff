namespace EdgeGw.EndToEnd.Tests;

/// <summary>What handlers written in C# cost in memory and threads.</summary>
[NonParallelizable]
public sealed class FootprintTests
{
    private const int Libraries = 200;
    private const string Sample = "hello";
    private const int PatienceMs = 45_000;

    [Test]
    public async Task Two_hundred_libraries_take_2_MB_and_one_thread_each_at_most()
    {
        await LoadAsync("headers", "/headers", atOnce: 2_000_000);
    }

    [Test]
    public async Task Two_hundred_libraries_with_JSON_take_2_MB_and_one_thread_each_at_most()
    {
        // JSON brings some 0.8 MB of System.Text.Json along until its start is forgotten.
        await LoadAsync(Sample, "/hello/Ada", atOnce: 3_000_000);
    }

    [Test]
    public async Task An_idle_gateway_with_one_handler_needs_60_MB_over_both_processes()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.DeployAsync(Repository.Sample(Sample));
        using var client = Http.Http11(gateway.Address);
        await client.GetStringAsync("/hello/Ada");
        var worker = await gateway.WorkerPidAsync();
        // Idle is after the second in which nothing happened.
        Assert.That(() => ProcessFigures.ResidentBytes(gateway.ControlPid) + ProcessFigures.ResidentBytes(worker), Is.LessThanOrEqualTo(60_000_000).After(PatienceMs, 100));
        TestContext.Out.WriteLine($"control {ProcessFigures.ResidentBytes(gateway.ControlPid) / 1e6:0.0} MB, worker {ProcessFigures.ResidentBytes(worker) / 1e6:0.0} MB");
    }

    private static async Task LoadAsync(string sample, string path, long atOnce)
    {
        await using var gateway = await Gateway.StartAsync();
        var bytes = await File.ReadAllBytesAsync(Repository.Sample(sample));
        using var client = Http.Http11(gateway.Address);
        var worker = await gateway.WorkerPidAsync();
        var (memory, threads) = (ProcessFigures.ResidentBytes(worker), ProcessFigures.Threads(worker));
        for (var i = 0; i < Libraries; i++)
        {
            // A library is known by its bytes: a few more at its end make another one.
            using var library = new ByteArrayContent([.. bytes, (byte)i, 1]);
            using var response = await gateway.Control.PostAsync($"/api/v1/deployments?name=h{i}&prefix=/h{i}", library);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        }

        for (var i = 0; i < Libraries; i++)
        {
            using var answer = await client.GetAsync($"/h{i}{path}");
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        var each = (Bytes: (ProcessFigures.ResidentBytes(worker) - memory) / Libraries, Threads: (ProcessFigures.Threads(worker) - threads) / (double)Libraries);
        TestContext.Out.WriteLine($"{Libraries} copies of {sample}: each {each.Bytes / 1e6:0.00} MB just after its answer, {each.Threads:0.00} threads");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(each.Bytes, Is.LessThanOrEqualTo(atOnce));
        // The worker's own memory counts with them: what is given back is not theirs alone.
        Assert.That(() => ProcessFigures.ResidentBytes(worker) / Libraries, Is.LessThanOrEqualTo(2_000_000).After(PatienceMs, 100), "once they have nothing to do");
        Assert.That(await gateway.WorkerPidAsync(), Is.EqualTo(worker));
        Assert.That(each.Threads, Is.LessThanOrEqualTo(1.05), "a pool thread of the gateway's own may come and go");
        Assert.That((await gateway.StatusAsync()).GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("rssBytes").GetInt64()), Has.Exactly(Libraries).Items.And.All.LessThan(4_000_000));
    }
}
