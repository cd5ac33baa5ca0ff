using EdgeGw.Cache.Tests.Interop;

namespace EdgeGw.Cache.Tests;

/// <summary>Single flight.</summary>
internal abstract partial class CacheBehaviour
{
    [Test]
    public async Task Of_many_callers_one_leads_and_all_get_what_it_settled()
    {
        var leader = await Cache.GetOrLead("k");
        Assert.That((leader.Result, leader.Open == 0), Is.EqualTo((AbiResult.End, false)), leader.ToString);
        var followers = Enumerable.Range(0, 100).Select(_ => Cache.GetOrLead("k")).ToArray();
        await AssertOkAsync(Cache.Set("other", "not held up"));
        Assert.That(followers.Any(follower => follower.IsCompleted), Is.False);
        await AssertOkAsync(Cache.Settle(leader.Open, "made", 600_000));
        foreach (var follower in await Task.WhenAll(followers))
        {
            Assert.That((follower.Result, Text(follower)), Is.EqualTo((AbiResult.Ok, "made")));
        }
        Assert.That(await TextAsync("k"), Is.EqualTo("made"));
        Assert.That(Text(await Cache.GetOrLead("k")), Is.EqualTo("made"));
    }

    [Test]
    public async Task A_leader_that_gives_up_is_followed_by_the_next()
    {
        var leader = await Cache.GetOrLead("k");
        var followers = Enumerable.Range(0, 3).Select(_ => Cache.GetOrLead("k")).ToList();
        await AssertOkAsync(Cache.Set("other", "in between"));
        await AssertOkAsync(Cache.Settle(leader.Open, "", outcome: AbiResult.Internal));
        var next = await Task.WhenAny(followers);
        followers.Remove(next);
        Assert.That(((await next).Result, (await next).Open == 0), Is.EqualTo((AbiResult.End, false)));
        Assert.That(followers.Any(follower => follower.IsCompleted), Is.False);
        await AssertOkAsync(Cache.Settle((await next).Open, "made"));
        Assert.That((await Task.WhenAll(followers)).Select(Text), Is.All.EqualTo("made"));
    }

    [Test]
    public async Task A_leader_whose_request_ends_is_followed_by_the_next()
    {
        var dying = Lab.Begin();
        var leader = await dying.Cache().GetOrLead("k");
        Assert.That(leader.Result, Is.EqualTo(AbiResult.End));
        var follower = Cache.GetOrLead("k");
        await AssertOkAsync(Cache.Set("other", "in between"));
        dying.Dispose();
        var leads = await follower;
        Assert.That((leads.Result, leads.Open == 0), Is.EqualTo((AbiResult.End, false)), leads.ToString);
        await AssertOkAsync(Cache.Settle(leads.Open, "made"));
    }

    [Test]
    public async Task A_settled_lead_is_over()
    {
        var leader = await Cache.GetOrLead("k");
        await AssertOkAsync(Cache.Settle(leader.Open, "v"));
        Assert.That((await Cache.Settle(leader.Open, "w")).Result, Is.EqualTo(AbiResult.InvalidState));
        Assert.That(await TextAsync("k"), Is.EqualTo("v"));
    }

    [Test]
    public async Task A_value_that_is_too_large_to_be_settled_is_given_up()
    {
        var leader = await Cache.GetOrLead("k");
        var follower = Cache.GetOrLead("k");
        await AssertOkAsync(Cache.Set("other", "in between"));
        Assert.That((await Cache.Settle(leader.Open, new string('v', (1 << 20) + 1))).Result, Is.EqualTo(AbiResult.TooLarge));
        Assert.That((await follower).Result, Is.EqualTo(AbiResult.End));
    }

    private static string Text(Reply reply) => System.Text.Encoding.UTF8.GetString(reply.Blob());
}
