using EdgeGw.Control.Events;
using EdgeGw.Pipeline;
using EdgeGw.Worker;

namespace EdgeGw.Tests.Control.Events;

internal sealed class TrafficRatesTests
{
    private static WorkerTraffic Counts(long ok, long failed, int bucket = 3, double cpuMs = 0) => new(1, cpuMs, 10,
        [new HandlerTraffic("hello", [0, 0, ok, 0, 0, failed], [.. Enumerable.Range(0, RouteMetrics.Buckets).Select(i => i == bucket ? ok + failed : 0)], 1, cpuMs, null)]);

    [Test]
    public void Rates_are_of_what_was_counted_in_between()
    {
        var rates = TrafficRates.Between(Counts(10, 1, cpuMs: 100), Counts(30, 6, cpuMs: 600), 7, TimeSpan.FromSeconds(2), default);
        Assert.That((rates.RequestsPerSecond, rates.ErrorsPerSecond, rates.Cpu, rates.Worker, rates.InFlight), Is.EqualTo((12.5, 2.5, 0.25, 7, 1)));
        Assert.That((rates.Handlers[0].RequestsPerSecond, rates.Handlers[0].Cpu, rates.P50Ms), Is.EqualTo((12.5, 0.25, 0.384)));
    }

    [Test]
    public void A_worker_that_counts_from_nothing_again_gives_no_negative_rates() =>
        Assert.That(TrafficRates.Between(Counts(100, 1), Counts(4, 0), 7, TimeSpan.FromSeconds(1), default).RequestsPerSecond, Is.EqualTo(4));

    [Test]
    public void Without_a_worker_there_is_no_traffic() =>
        Assert.That(TrafficRates.Between(Counts(1, 1), null, null, TimeSpan.FromSeconds(1), default), Has.Property("RequestsPerSecond").Zero.And.Property("P50Ms").Null.And.Property("Handlers").Empty);

    [TestCase(0.5, 0.064)]
    [TestCase(0.99, 0.127)]
    [TestCase(1.0, 0.128)]
    public void A_percentile_lies_in_the_bucket_that_its_rank_falls_into(double share, double expected)
    {
        var buckets = new long[RouteMetrics.Buckets];
        (buckets[0], buckets[1]) = (50, 50);
        Assert.That(TrafficRates.Percentile(buckets, share), Is.EqualTo(expected).Within(0.001));
    }

    [Test]
    public void What_took_longer_than_every_bound_is_as_long_as_the_last_bound()
    {
        var buckets = new long[RouteMetrics.Buckets];
        buckets[^1] = 1;
        Assert.That(TrafficRates.Percentile(buckets, 0.5), Is.EqualTo(RouteMetrics.UpperBound(RouteMetrics.Buckets - 2) / 1e3));
        Assert.That(TrafficRates.Percentile(new long[RouteMetrics.Buckets], 0.5), Is.Null);
    }
}
