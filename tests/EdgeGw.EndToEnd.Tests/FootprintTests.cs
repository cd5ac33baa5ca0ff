using System.Diagnostics;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>What handlers written in C# cost in memory and threads.</summary>
[NonParallelizable]
public sealed class FootprintTests
{
    private const int Libraries = 200;
    private const string Sample = "hello";

    [Test]
    public async Task Two_hundred_libraries_answer_with_2_MB_and_one_thread_each_at_most()
    {
        await using var gateway = await Gateway.StartAsync();
        var bytes = await File.ReadAllBytesAsync(Repository.Sample(Sample));
        using var client = Http.Http11(gateway.Address);
        var worker = await gateway.WorkerPidAsync();
        var (memory, threads) = (ProcessFigures.ResidentBytes(worker), ProcessFigures.Threads(worker));
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Libraries; i++)
        {
            // A library is known by its bytes: a few more at its end make another one.
            using var library = new ByteArrayContent([.. bytes, (byte)i, 1]);
            using var response = await gateway.Control.PostAsync($"/api/v1/deployments?name=h{i}&prefix=/h{i}", library);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        }

        for (var i = 0; i < Libraries; i++)
        {
            Assert.That(await client.GetStringAsync($"/h{i}/hello/Ada"), Does.Contain("Ada"));
        }

        var each = (Bytes: (ProcessFigures.ResidentBytes(worker) - memory) / Libraries, Threads: (ProcessFigures.Threads(worker) - threads) / (double)Libraries);
        TestContext.Out.WriteLine($"{Libraries} deploys in {watch.Elapsed.TotalSeconds:0.0} s; each {each.Bytes / 1e6:0.00} MB, {each.Threads:0.00} threads");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(await gateway.WorkerPidAsync(), Is.EqualTo(worker));
        Assert.That(each.Bytes, Is.LessThanOrEqualTo(2_000_000));
        Assert.That(each.Threads, Is.LessThanOrEqualTo(1.05), "a pool thread of the gateway's own may come and go");
        Assert.That((await gateway.StatusAsync()).GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("rssBytes").GetInt64()), Has.Exactly(Libraries).Items.And.All.LessThan(4_000_000));
    }

    [Test]
    public async Task An_idle_gateway_with_one_handler_needs_60_MB_over_both_processes()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.DeployAsync(Repository.Sample(Sample));
        using var client = Http.Http11(gateway.Address);
        await client.GetStringAsync("/hello/Ada");
        var (control, worker) = (ProcessFigures.ResidentBytes(gateway.ControlPid), ProcessFigures.ResidentBytes(await gateway.WorkerPidAsync()));
        TestContext.Out.WriteLine($"control {control / 1e6:0.0} MB, worker {worker / 1e6:0.0} MB");
        Assert.That(control + worker, Is.LessThanOrEqualTo(60_000_000));
    }
}
