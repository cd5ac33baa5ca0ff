using EdgeGw.Generations;

namespace EdgeGw.Pipeline.Tests;

internal sealed class LeaseTests
{
    [Test]
    public void A_closed_lease_takes_nobody()
    {
        var lease = new Lease();
        lease.Close();
        Assert.That(lease.TryEnter(), Is.False);
        Assert.That(lease.Count, Is.Zero);
    }

    [Test]
    public void It_is_drained_when_the_last_one_leaves_and_not_before()
    {
        var lease = new Lease();
        Assert.That(lease.TryEnter() && lease.TryEnter(), Is.True);
        lease.Close();
        lease.Exit();
        Assert.That(lease.Drained.IsCompleted, Is.False);
        lease.Exit();
        Assert.That(lease.Drained.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void An_empty_lease_is_drained_when_it_is_closed_and_closing_twice_is_the_same()
    {
        var lease = new Lease();
        lease.Close();
        lease.Close();
        Assert.That(lease.Drained.Wait(TimeSpan.FromSeconds(10)), Is.True);
    }

    [Test]
    public void Nobody_is_inside_after_it_has_drained_whoever_tried_meanwhile()
    {
        for (var round = 0; round < 200; round++)
        {
            var lease = new Lease();
            var inside = 0;
            var violated = false;
            using var start = new Barrier(4);
            var visitors = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait();
                for (var i = 0; i < 1000 && lease.TryEnter(); i++)
                {
                    Interlocked.Increment(ref inside);
                    violated |= lease.Drained.IsCompleted;
                    Interlocked.Decrement(ref inside);
                    lease.Exit();
                }
            })).ToArray();
            start.SignalAndWait();
            lease.Close();
            Assert.That(lease.Drained.Wait(TimeSpan.FromSeconds(10)), Is.True);
            Assert.That(Volatile.Read(ref inside), Is.Zero);
            Task.WaitAll(visitors);
            Assert.That(violated, Is.False);
        }
    }
}
