using EdgeGw.Pipeline.Pin;

namespace EdgeGw.Pipeline.Tests;

/// <summary>What a canary is judged by, and what it gets.</summary>
public sealed class CanaryTallyTests
{
    [Test]
    public void A_latency_is_within_an_eighth_of_its_buckets_bound()
    {
        for (var microseconds = 1L; microseconds < 1L << 31; microseconds += (microseconds / 7) + 1)
        {
            var bound = CanaryTally.UpperBound(CanaryTally.BucketOf(microseconds));
            Assert.That(bound, Is.GreaterThan(microseconds).And.LessThanOrEqualTo((microseconds * 1.125) + 1), $"{microseconds}");
        }
    }

    [Test]
    public void Whatever_is_counted_finds_a_bucket()
    {
        var tally = new CanaryTally();
        foreach (var microseconds in (long[])[-1, 0, 1, 1_000, long.MaxValue])
        {
            tally.Record(200, microseconds);
        }
        tally.Record(500, 1);
        tally.Record(499, 1);
        Assert.That((tally.Requests, tally.Errors, tally.Latencies.Sum()), Is.EqualTo((7L, 1L, 7L)));
    }

    [TestCase(0.01)]
    [TestCase(5)]
    [TestCase(99)]
    public void A_canary_gets_about_its_share(double percent)
    {
        const int requests = 200_000;
        var share = new CanaryShare(null!, percent);
        var taken = Enumerable.Range(0, requests).Count(_ => share.TakesNext());
        // Eight standard deviations: chance alone is not seen in the lifetime of this test.
        var deviation = Math.Sqrt(requests * percent / 100 * (1 - (percent / 100)));
        Assert.That(taken, Is.EqualTo(requests * percent / 100).Within(8 * deviation + 8));
    }

    [Test]
    public void Picking_a_request_allocates_nothing()
    {
        var share = new CanaryShare(null!, 50);
        share.TakesNext();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            share.TakesNext();
        }
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
