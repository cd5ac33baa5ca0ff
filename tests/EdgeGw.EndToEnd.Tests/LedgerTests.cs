using System.Globalization;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Code that was loaded is never unloaded, so a worker is replaced when it holds too much of it.</summary>
[NonParallelizable]
public sealed class LedgerTests
{
    [Test]
    public async Task Deploys_beyond_the_ledger_s_budget_hand_the_worker_over_and_lose_no_request()
    {
        var (deploys, budget) = LongRun.IsAsked ? (1_000, 50) : (60, 10);
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", $"Ledger:Versions={budget}"] });
        var library = LongRun.IsAsked ? Repository.Sample("hello") : Repository.Fixture("ok1");
        var path = LongRun.IsAsked ? "/hello/world" : "/ok";
        await Libraries.DeployCopyAsync(gateway, library, 0);
        await using var load = SteadyLoad.Start(gateway.Address, path, body => body.EndsWith('}'));
        await load.MoreAsync(200);
        var series = new LongRun.Series("deploy", "worker RSS (MB)", "all workers RSS (MB)", "hand-overs");
        for (var deploy = 1; deploy <= deploys; deploy++)
        {
            await Libraries.DeployCopyAsync(gateway, library, deploy);
            var status = await gateway.StatusAsync();
            // Between two workers there is none: it must not be so here.
            var worker = status.GetProperty("worker");
            var rss = worker.GetProperty("rssBytes").GetInt64();
            var all = rss + status.GetProperty("draining").EnumerateArray().Sum(draining => draining.GetProperty("rssBytes").GetInt64());
            series.Add(deploy, rss / 1e6, all / 1e6, worker.GetProperty("handOvers").GetInt64());
            Assert.That(load.Failures, Is.Empty);
        }
        await load.MoreAsync(200);

        // The last one may be on its way.
        await Eventually.TrueAsync(async () => await RetiredAsync(gateway) <= budget, () => "the worker is within the budget");
        var handOvers = (await gateway.WorkerAsync()).GetProperty("handOvers").GetInt32();
        TestContext.Out.WriteLine($"{deploys} deploys, budget {budget}: {handOvers} hand-overs; {await load.StopAsync()}; {series.Summary()}");
        series.Write("ledger", $"{deploys.ToString("N0", CultureInfo.InvariantCulture)} deploys under load, Ledger:Versions={budget}");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(load.Failures, Is.Empty);
        // Each look comes after a change, and other changes may be made before the hand-over has its turn.
        Assert.That(handOvers, Is.InRange(deploys / (budget + 1) / 2, deploys / (budget + 1) + 1));
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.Zero);
        Assert.That(series.Last(0), Is.LessThan(series.Highest(0, deploys / 3) * 1.5 + 10), "the worker in service grows no further");
    }

    private static async Task<int> RetiredAsync(Gateway gateway) =>
        (await gateway.StatusAsync()).GetProperty("versions").EnumerateArray().Count(version => version.GetProperty("state").GetString() is "retired" or "draining");
}
