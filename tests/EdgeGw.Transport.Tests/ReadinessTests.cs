using System.Threading.Tasks.Sources;

namespace EdgeGw.Transport.Tests;

/// <summary>What waits for a descriptor, and on which thread it goes on.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReadinessTests
{
    private readonly Readiness _readiness = new();

    [Test]
    public void A_wait_ends_where_it_is_set()
    {
        var thread = 0;
        var waiting = NoteThreadAsync(_readiness.WaitAsync());
        Assert.That(waiting.IsCompleted, Is.False);
        var setter = new Thread(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            _readiness.Set();
        });
        setter.Start();
        setter.Join();
        Assert.That((waiting.IsCompletedSuccessfully, waiting.Result), Is.EqualTo((true, thread)));
    }

    [Test]
    public void A_set_before_the_wait_is_not_lost()
    {
        _readiness.Set();
        _readiness.Set();
        Assert.That(NoteThreadAsync(_readiness.WaitAsync()).IsCompletedSuccessfully, Is.True);
        Assert.That(NoteThreadAsync(_readiness.WaitAsync()).IsCompleted, Is.False, "two sets are one");
    }

    [Test]
    public void A_set_between_the_wait_and_its_continuation_goes_on_at_once_on_the_thread_that_waits()
    {
        // What an await does, in its steps.
        var thread = 0;
        Assert.That(_readiness.GetStatus(0), Is.EqualTo(ValueTaskSourceStatus.Pending));
        _readiness.Set();
        _readiness.OnCompleted(_ => thread = Environment.CurrentManagedThreadId, null, 0, ValueTaskSourceOnCompletedFlags.None);
        Assert.That(thread, Is.EqualTo(Environment.CurrentManagedThreadId));
        Assert.That(NoteThreadAsync(_readiness.WaitAsync()).IsCompleted, Is.False, "it was used up");
    }

    private static async Task<int> NoteThreadAsync(ValueTask wait)
    {
        await wait.ConfigureAwait(false);
        return Environment.CurrentManagedThreadId;
    }
}
