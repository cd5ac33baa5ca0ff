using EdgeGw.Calls;

namespace EdgeGw.Pipeline.Tests.Calls;

internal sealed class StuckCallsTests
{
    [Test]
    public async Task Whoever_waits_gets_the_next_one_and_whoever_comes_late_gets_all_that_are_kept()
    {
        var calls = new StuckCalls();
        var waiting = calls.AfterAsync(0, Timeout.InfiniteTimeSpan, TimeProvider.System);
        Assert.That(waiting.IsCompleted, Is.False);
        for (var i = 0; i < StuckCalls.MaxKept + 10; i++)
        {
            calls.Add(number => new StuckCall(number, "a", "1", "", 1, 7, "", "", 0, "", false));
        }
        Assert.That((await waiting)[^1].Number, Is.InRange(1, StuckCalls.MaxKept + 10));
        var late = await calls.AfterAsync(0, Timeout.InfiniteTimeSpan, TimeProvider.System);
        Assert.That(late, Has.Count.EqualTo(StuckCalls.MaxKept));
        Assert.That(late[^1].Number, Is.EqualTo(StuckCalls.MaxKept + 10));
        Assert.That(await calls.AfterAsync(late[^1].Number, TimeSpan.Zero, TimeProvider.System), Is.Empty);
    }
}
