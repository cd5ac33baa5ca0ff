using EdgeGw.Pipeline.Pin;

namespace EdgeGw.Pipeline.Tests;

internal sealed class RequestGateTests
{
    [Test]
    public void As_many_enter_as_the_limit_says()
    {
        var gate = new RequestGate(2, 0);
        Assert.That(gate.TryEnter() && gate.TryEnter(), Is.True);
        Assert.That(gate.TryEnter(), Is.False);
        gate.Exit();
        Assert.That(gate.TryEnter(), Is.True);
    }

    [Test]
    public async Task Whoever_waits_is_let_in_in_turn_when_somebody_leaves()
    {
        var gate = new RequestGate(1, 2);
        gate.TryEnter();
        var first = gate.WaitAsync(default).AsTask();
        var second = gate.WaitAsync(default).AsTask();
        Assert.That(await gate.WaitAsync(default), Is.False, "the queue is full");
        gate.Exit();
        Assert.That(await first, Is.True);
        Assert.That(second.IsCompleted, Is.False);
        gate.Exit();
        Assert.That(await second, Is.True);
        gate.Exit();
        Assert.That((gate.Inside, gate.Waiting), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task One_who_gave_up_waiting_does_not_take_a_turn()
    {
        var gate = new RequestGate(1, 2);
        gate.TryEnter();
        using var givesUp = new CancellationTokenSource();
        var impatient = gate.WaitAsync(givesUp.Token).AsTask();
        var patient = gate.WaitAsync(default).AsTask();
        await givesUp.CancelAsync();
        Assert.That(await impatient, Is.False);
        gate.Exit();
        Assert.That(await patient, Is.True);
        gate.Exit();
        Assert.That((gate.Inside, gate.Waiting), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task One_who_gave_up_waiting_leaves_its_place_to_another()
    {
        var gate = new RequestGate(1, 1);
        gate.TryEnter();
        using var givesUp = new CancellationTokenSource();
        var impatient = gate.WaitAsync(givesUp.Token).AsTask();
        await givesUp.CancelAsync();
        Assert.That(await impatient, Is.False);
        var patient = gate.WaitAsync(default).AsTask();
        Assert.That(patient.IsCompleted, Is.False, "the queue has room again");
        gate.Exit();
        Assert.That(await patient, Is.True);
    }

    [Test]
    public void A_lower_limit_lets_those_inside_finish()
    {
        var gate = new RequestGate(2, 0);
        Assert.That(gate.TryEnter() && gate.TryEnter(), Is.True);
        gate.Limit = 1;
        gate.Exit();
        Assert.That(gate.TryEnter(), Is.False);
        gate.Exit();
        Assert.That(gate.TryEnter(), Is.True);
    }

    [Test]
    public async Task Under_a_crowd_the_limit_holds_and_nobody_is_forgotten()
    {
        var gate = new RequestGate(3, 1000);
        var inside = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                if (!gate.TryEnter())
                {
                    Assert.That(await gate.WaitAsync(default), Is.True);
                }
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                gate.Exit();
            }
        })));
        Assert.That(most, Is.LessThanOrEqualTo(3));
        Assert.That((gate.Inside, gate.Waiting), Is.EqualTo((0, 0)));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) is var before && before != seen)
        {
            seen = before;
        }
    }
}
