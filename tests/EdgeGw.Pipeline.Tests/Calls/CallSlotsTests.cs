using EdgeGw.Calls;

namespace EdgeGw.Pipeline.Tests.Calls;

internal sealed class CallSlotsTests
{
    [Test]
    public void A_thread_says_what_it_is_inside_of_and_a_nested_call_is_the_same_stay()
    {
        RunOnOwnThread(() =>
        {
            var outer = CallSlots.Enter(0x1_0000_0000_5001);
            var slot = Own(0x1_0000_0000_5001)!;
            var sequence = slot.Sequence;
            var nested = CallSlots.Enter(0x1_0000_0000_5002);
            Assert.That(slot.Call, Is.EqualTo(0x1_0000_0000_5002));
            Assert.That(slot.Sequence, Is.EqualTo(sequence));
            CallSlots.Leave(nested);
            Assert.That(slot.Call, Is.EqualTo(0x1_0000_0000_5001));
            CallSlots.Leave(outer);
            Assert.That(slot.Call, Is.Zero);
            CallSlots.EnterFor(7);
            Assert.That(slot.Sequence, Is.EqualTo(sequence + 1));
            Assert.That(ExchangeId.IsForNobody(slot.Call), Is.True);
            Assert.That(ExchangeId.Version(slot.Call), Is.EqualTo(7));
            CallSlots.Leave(0);
        });
    }

    [Test]
    public void A_thread_that_has_ended_is_forgotten()
    {
        CallSlot? slot = null;
        RunOnOwnThread(() =>
        {
            CallSlots.Enter(0x1_0000_0000_6001);
            slot = Own(0x1_0000_0000_6001);
        });
        Assert.That(slot, Is.Not.Null);
        CallSlots.Prune();
        Assert.That(Own(0x1_0000_0000_6001), Is.Null);
    }

    private static CallSlot? Own(ulong call)
    {
        foreach (var slot in CallSlots.All)
        {
            if (slot.Call == call)
            {
                return slot;
            }
        }
        return null;
    }

    private static void RunOnOwnThread(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        Assert.That(failure, Is.Null);
    }
}
