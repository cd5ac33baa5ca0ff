namespace EdgeGw.EndToEnd.Tests;

/// <summary>What handlers written in C# cost in memory and threads.</summary>
[NonParallelizable]
public sealed class FootprintTests
{
    private const int Libraries = 200;
    private const string Sample = "hello";
    private const int PatienceMs = 20_000;

    [Test]
    public async Task Two_hundred_libraries_take_2_MB_and_one_thread_each_at_most()
    {
        await LoadAsync("headers", "/headers");
    }

    [Test]
    public async Task Two_hundred_libraries_with_JSON_take_2_MB_and_one_thread_each_at_most()
    {
        await LoadAsync(Sample, "/hello/Ada");
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

    private static async Task LoadAsync(string sample, string path)
    {
        await using var gateway = await Gateway.StartAsync();
        var bytes = await File.ReadAllBytesAsync(Repository.Sample(sample));
        using var client = Http.Http11(gateway.Address);
        var worker = await gateway.WorkerPidAsync();
        var threads = ProcessFigures.Threads(worker);
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

        // The worker's own memory counts with them: what it has before the first library depends on when one looks.
        long Bytes() => ProcessFigures.ResidentBytes(worker) / Libraries;
        var each = (Bytes: Bytes(), Threads: (ProcessFigures.Threads(worker) - threads) / (double)Libraries);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(Bytes, Is.LessThanOrEqualTo(2_000_000).After(PatienceMs, 100), "once they have nothing to do");
        TestContext.Out.WriteLine($"{Libraries} copies of {sample}: each {each.Bytes / 1e6:0.00} MB just after its answer, {Bytes() / 1e6:0.00} MB idle, {each.Threads:0.00} threads");
        Assert.That(await gateway.WorkerPidAsync(), Is.EqualTo(worker));
        Assert.That(each.Threads, Is.LessThanOrEqualTo(1.05), "a pool thread of the gateway's own may come and go");
        Assert.That((await gateway.StatusAsync()).GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("rssBytes").GetInt64()), Has.Exactly(Libraries).Items.And.All.LessThan(4_000_000));
    }
}
