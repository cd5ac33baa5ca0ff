using EdgeGw.Control.Changes;

namespace EdgeGw.Tests.Control;

/// <summary>Changes of the desired state, one after the other, and their end.</summary>
public sealed class ChangeQueueTests
{
    [Test]
    public async Task Closing_waits_for_the_change_under_way_and_refuses_all_others()
    {
        using var queue = new ChangeQueue();
        var (begun, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var underWay = queue.RunAsync(async () => { begun.SetResult(); await gate.Task; return 1; }, default);
        await begun.Task;
        var waiting = queue.RunAsync(() => Task.FromResult(2), default);
        var closed = queue.CloseAsync();
        Assert.That(closed.IsCompleted, Is.False);
        gate.SetResult();
        Assert.That(await underWay, Is.EqualTo(1));
        Assert.That(async () => await waiting, Throws.TypeOf<ChangeRefusedException>().With.Message.Contain("try again"));
        await closed;
        Assert.That(async () => await queue.RunAsync(() => Task.FromResult(3), default), Throws.TypeOf<ChangeRefusedException>());
    }
}
