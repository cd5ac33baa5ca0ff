using EdgeGw.Abi;

namespace EdgeGw.Pipeline.Tests;

internal sealed class ExchangeGuardTests
{
    private const ulong Id = 0x0000_1234_0001_0007;

    [Test]
    public void Only_the_id_it_was_opened_with_enters()
    {
        var guard = default(ExchangeGuard);
        Assert.That(guard.TryEnter(Id), Is.EqualTo(AbiResult.InvalidState));
        guard.Open(Id);
        Assert.That(guard.TryEnter(Id + 1), Is.EqualTo(AbiResult.InvalidState));
        Assert.That(guard.TryEnter(Id), Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public void A_second_call_at_the_same_moment_is_busy_and_the_next_one_after_it_is_not()
    {
        var guard = default(ExchangeGuard);
        guard.Open(Id);
        guard.TryEnter(Id);
        Assert.That(guard.TryEnter(Id), Is.EqualTo(AbiResult.Busy));
        guard.Exit(Id);
        Assert.That(guard.TryEnter(Id), Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public void After_closing_the_id_is_stale()
    {
        var guard = default(ExchangeGuard);
        guard.Open(Id);
        guard.TryEnter(Id);
        guard.CloseFromInside();
        Assert.That(guard.TryEnter(Id), Is.EqualTo(AbiResult.InvalidState));
        Assert.That(guard.Id, Is.Zero);
    }

    [Test]
    public void The_handler_waits_while_the_gateway_acts_in_its_place()
    {
        var guard = new Box { Guard = default };
        guard.Guard.Open(Id);
        Assert.That(guard.Guard.TryEnterAsGateway(Id), Is.True);
        var call = Task.Run(() => guard.Guard.TryEnter(Id));
        guard.Guard.Exit(Id);
        Assert.That(call.Result, Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public void The_gateway_keeps_out_while_a_call_is_under_way()
    {
        var guard = default(ExchangeGuard);
        guard.Open(Id);
        guard.TryEnter(Id);
        Assert.That(guard.TryEnterAsGateway(Id), Is.False);
    }

    [Test]
    public void An_id_is_taken_apart_as_it_was_put_together()
    {
        var id = ExchangeId.Compose(ExchangeId.MaxSlots - 1, ushort.MaxValue, ExchangeId.MaxGeneration);
        Assert.Multiple(() =>
        {
            Assert.That(ExchangeId.Slot(id), Is.EqualTo(ExchangeId.MaxSlots - 1));
            Assert.That(ExchangeId.Version(id), Is.EqualTo(ushort.MaxValue));
            Assert.That(id >> 62, Is.Zero, "the guard's bits are free");
        });
    }

    private sealed class Box
    {
        public ExchangeGuard Guard;
    }
}
