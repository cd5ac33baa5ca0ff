using EdgeGw.Services;

namespace EdgeGw.Pipeline.Tests.Calls;

internal sealed class ServiceRateTests
{
    [Test]
    public void A_second_s_worth_may_come_at_once_and_then_one_for_each_part_of_a_second()
    {
        var clock = new HandClock();
        var rate = new ServiceRate(10, clock);
        Assert.That(Enumerable.Range(0, 15).Count(_ => rate.TryTake()), Is.EqualTo(10));
        Assert.That(rate.Refused, Is.EqualTo(5));
        clock.Advance(TimeSpan.FromMilliseconds(101));
        Assert.That(rate.TryTake(), Is.True);
        Assert.That(rate.TryTake(), Is.False);
        clock.Advance(TimeSpan.FromSeconds(100));
        Assert.That(Enumerable.Range(0, 15).Count(_ => rate.TryTake()), Is.EqualTo(10), "what was not used in time is not saved up");
    }

    [Test]
    public void One_a_second_lets_one_through()
    {
        var clock = new HandClock();
        var rate = new ServiceRate(1, clock);
        Assert.That(rate.TryTake(), Is.True);
        Assert.That(rate.TryTake(), Is.False);
        clock.Advance(TimeSpan.FromMilliseconds(1_001));
        Assert.That(rate.TryTake(), Is.True);
    }

    private sealed class HandClock : TimeProvider
    {
        private long _ticks = 1_000_000_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
