using EdgeGw.Control.Supervision;

namespace EdgeGw.Tests.Control;

/// <summary>A worker is started again at once, unless it keeps dying.</summary>
public sealed class RestartBackoffTests
{
    [Test]
    public void One_early_death_costs_no_time_and_a_series_more_and_more_up_to_the_bound()
    {
        var backoff = new RestartBackoff(TimeSpan.FromMilliseconds(120));
        var pauses = Enumerable.Range(0, 6).Select(_ => backoff.Next(TimeSpan.FromMilliseconds(5)).TotalMilliseconds);
        Assert.That(pauses, Is.EqualTo((double[])[0, 25, 50, 100, 120, 120]));
    }

    [Test]
    public void A_life_of_a_second_ends_the_series()
    {
        var backoff = new RestartBackoff(TimeSpan.FromSeconds(5));
        backoff.Next(TimeSpan.Zero);
        backoff.Next(TimeSpan.Zero);
        Assert.That(backoff.Next(TimeSpan.FromSeconds(1)), Is.EqualTo(TimeSpan.Zero));
        Assert.That(backoff.Next(TimeSpan.Zero), Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void A_series_without_end_does_not_overflow()
    {
        var backoff = new RestartBackoff(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 10_000; i++)
        {
            Assert.That(backoff.Next(TimeSpan.Zero), Is.InRange(TimeSpan.Zero, TimeSpan.FromSeconds(5)));
        }
    }
}
