using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Events;

namespace EdgeGw.Tests.Control.Events;

internal sealed class EventHubTests
{
    private static EventHub Hub(int keep = 10, int queue = 10, int followers = 10) => new(new EventSettings { Keep = keep, Queue = queue, Followers = followers }, TimeProvider.System);

    private static void Tell(EventHub hub, long number) => hub.Publish("ready", new ReadyEvent(number), EventJson.Default.ReadyEvent);

    [Test]
    public void Who_is_too_slow_is_cut_off_and_the_others_are_not()
    {
        var hub = Hub(queue: 2);
        var (slow, quick) = (hub.Follow(null), hub.Follow(null));
        for (var i = 0; i < 3; i++)
        {
            Tell(hub, i);
            Assert.That(quick.Events.TryRead(out _), Is.True);
        }
        Assert.That((slow.Cut.IsCompleted, quick.Cut.IsCompleted, hub.Followers, hub.Dropped), Is.EqualTo((true, false, 1, 1)));
    }

    [TestCase(0, 3)]
    [TestCase(2, 1)]
    [TestCase(3, 0)]
    public void What_was_missed_is_what_came_after_the_event_that_was_seen(int seen, int missed)
    {
        var hub = Hub();
        var position = hub.Follow(null).Position;
        for (var i = 1; i <= 3; i++)
        {
            Tell(hub, i);
            position = i == seen ? hub.Follow(null).Position : position;
        }
        Assert.That(hub.Follow(position).Missed, Has.Count.EqualTo(missed));
    }

    [Test]
    public void What_is_not_kept_any_more_is_not_made_up()
    {
        var hub = Hub(keep: 2);
        var position = hub.Follow(null).Position;
        for (var i = 0; i < 3; i++)
        {
            Tell(hub, i);
        }
        Assert.That(hub.Follow(position).Missed, Is.Null);
        Assert.That(hub.Follow("x-1").Missed, Is.Null, "of another start");
        Assert.That(hub.Follow(null).Missed, Is.Empty, "who never was here has missed nothing");
    }

    [Test]
    public void Followers_are_bounded()
    {
        var hub = Hub(followers: 1);
        var first = hub.Follow(null);
        Assert.That(Assert.Throws<ChangeRefusedException>(() => hub.Follow(null))!.Status, Is.EqualTo(503));
        hub.Leave(first);
        Assert.That(() => hub.Follow(null), Throws.Nothing);
    }
}
