using EdgeGw.Configuration;
using EdgeGw.Control.Canaries;
using EdgeGw.Pipeline;
using EdgeGw.Tests.Control;
using EdgeGw.Worker;

namespace EdgeGw.Tests.Canaries;

/// <summary>When a canary is given up.</summary>
public sealed class CanaryRuleTests
{
    private static readonly CanarySettings s_bounds = new() { MinRequests = 50, MaxErrorRate = 0.02, MaxLatencyRatio = 2, LatencySlackMs = 10, MaxDeaths = 0, WindowSeconds = 60 };

    [Test]
    public void One_that_does_as_well_as_the_live_version_is_kept() =>
        Assert.That(CanaryRule.Fault(Figures(10_000, 50, 5), Figures(2_000, 10, 5), 0, s_bounds), Is.Null);

    [Test]
    public void A_death_is_enough_whatever_it_answered() =>
        Assert.That(CanaryRule.Fault(Figures(0, 0, 5), Figures(0, 0, 5), 1, s_bounds), Does.StartWith("its worker died 1 times"));

    [TestCase(49, 49, null)]
    [TestCase(50, 2, null)]
    [TestCase(50, 4, "4 of its 50 requests failed (8.0")]
    public void Errors_count_from_the_least_number_of_requests_on(int requests, int errors, string? fault) =>
        Assert.That(CanaryRule.Fault(Figures(1_000, 20, 5), Figures(requests, errors, 5), 0, s_bounds), fault is null ? Is.Null : Does.StartWith(fault));

    [Test]
    public void Errors_that_the_live_version_has_too_are_not_its_own() =>
        Assert.That(CanaryRule.Fault(Figures(1_000, 500, 5), Figures(100, 50, 5), 0, s_bounds), Is.Null);

    [TestCase(100, 199, null)]
    [TestCase(100, 260, "its median")]
    [TestCase(1, 10, null)]
    [TestCase(1, 15, "its median")]
    public void A_median_beyond_the_ratio_and_the_slack_is_too_slow(int liveMs, int canaryMs, string? fault) =>
        Assert.That(CanaryRule.Fault(Figures(1_000, 0, liveMs), Figures(100, 0, canaryMs), 0, s_bounds), fault is null ? Is.Null : Does.StartWith(fault));

    [TestCase(900, null)]
    [TestCase(1_000, "its 99th percentile")]
    public void A_tail_counts_when_there_is_enough_of_it(int requests, string? fault)
    {
        var canary = Figures(requests * 97 / 100, 0, 5);
        canary.Add(Counts(requests - (requests * 97 / 100), 0, 500), null);
        Assert.That(CanaryRule.Fault(Figures(10_000, 0, 5), canary, 0, s_bounds), fault is null ? Is.Null : Does.StartWith(fault));
    }

    [Test]
    public void A_worker_that_begins_anew_adds_to_what_the_one_before_has_counted()
    {
        var track = new CanaryTrack(new() { Handler = EpochSamples.Handler("a", 2), Percent = 5, Since = EpochSamples.Now }, s_bounds);
        track.Take(1, new WorkerCanary("k", Counts(100, 0, 5), Counts(10, 1, 5)), TimeSpan.FromSeconds(1));
        track.Take(1, new WorkerCanary("k", Counts(150, 0, 5), Counts(20, 1, 5)), TimeSpan.FromSeconds(2));
        track.Take(2, new WorkerCanary("k", Counts(30, 0, 5), Counts(3, 1, 5)), TimeSpan.FromSeconds(3));
        var (live, canary) = track.Judged(TimeSpan.FromSeconds(3));
        Assert.That((live.Requests, canary.Requests, canary.Errors), Is.EqualTo((180L, 23L, 2L)));
    }

    [Test]
    public void What_is_older_than_the_window_is_forgotten_when_the_window_has_enough()
    {
        var track = new CanaryTrack(new() { Handler = EpochSamples.Handler("a", 2), Percent = 5, Since = EpochSamples.Now }, s_bounds);
        for (var second = 1; second <= 300; second++)
        {
            // It failed in its first minute only.
            track.Take(1, new WorkerCanary("k", Counts(second * 20, 0, 5), Counts(second, Math.Min(second, 60), 5)), TimeSpan.FromSeconds(second));
        }
        var (live, canary) = track.Judged(TimeSpan.FromSeconds(300));
        Assert.That((live.Requests, canary.Requests, canary.Errors), Is.EqualTo((1_200L, 60L, 0L)));
        Assert.That(track.IsProven, Is.True);
    }

    private static CanaryFigures Figures(int requests, int errors, int milliseconds)
    {
        var figures = new CanaryFigures();
        figures.Add(Counts(requests, errors, milliseconds), null);
        return figures;
    }

    private static CanaryCounts Counts(int requests, int errors, int milliseconds)
    {
        var latencies = new long[CanaryTally.Buckets];
        latencies[CanaryTally.BucketOf(milliseconds * 1_000L)] = requests;
        return new CanaryCounts(requests, errors, latencies);
    }
}
