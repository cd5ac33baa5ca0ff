namespace EdgeGw.Pipeline.Tests;

internal sealed class CallbackGateTests
{
    [Test]
    public void Nobody_enters_after_it_was_closed_or_with_another_id()
    {
        var gate = new CallbackGate();
        gate.Open(1);
        Assert.That(gate.TryEnter(2, out _), Is.False);
        gate.Close();
        Assert.That(gate.TryEnter(1, out _), Is.False);
        Assert.That(gate.TryEnter(0, out _), Is.False, "the id of a closed exchange");
    }

    [Test]
    public void Closing_waits_for_a_callback_on_another_thread()
    {
        var gate = new CallbackGate();
        gate.Open(1);
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        var callback = Task.Run(() =>
        {
            gate.TryEnter(1, out var outer);
            entered.Set();
            leave.Wait();
            gate.Exit(outer);
        });
        entered.Wait();
        var closing = Task.Run(gate.Close);
        Assert.That(closing.Wait(50), Is.False);
        leave.Set();
        Assert.That(closing.Wait(TimeSpan.FromSeconds(10)), Is.True);
        callback.Wait();
    }

    [Test]
    public void Closing_from_inside_the_callback_does_not_wait_for_itself()
    {
        var gate = new CallbackGate();
        gate.Open(1);
        gate.TryEnter(1, out var outer);
        gate.TryEnter(1, out var inner);
        gate.Close();
        gate.Exit(inner);
        gate.Exit(outer);
        gate.Open(2);
        Assert.That(gate.TryEnter(2, out _), Is.True);
    }
}
