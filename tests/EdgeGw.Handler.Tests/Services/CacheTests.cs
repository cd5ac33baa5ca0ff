using System.Text;
using EdgeGw.Tests.Support;

namespace EdgeGw.Tests;

public class CacheTests
{
    private FakeGateway _gateway = null!;

    private FakeCache Cache => _gateway.Cache("default");

    [SetUp]
    public void Load() => _gateway = FakeGateway.For(typeof(Scripted));

    [Test]
    public async Task A_value_is_there_until_it_is_removed()
    {
        var found = await _gateway.RunAsync(async c =>
        {
            var cache = c.Cache("default");
            await cache.SetAsync("k", new byte[] { 0, 255, 1 });
            var bytes = await cache.GetAsync("k");
            await cache.SetStringAsync("é", "ü€");
            var text = await cache.GetStringAsync("é");
            await cache.SetJsonAsync("j", new Item(7, "x"), TestJson.Default.Item);
            var item = await cache.GetJsonAsync("j", TestJson.Default.Item);
            var gone = await cache.RemoveAsync("k", "j", "absent");
            return (Convert.ToHexString(bytes!), text, item, gone, await cache.GetAsync("k") is null, await cache.ExistsAsync("é"), await cache.ExistsAsync("k"),
                await cache.GetStringAsync("k"), await cache.GetJsonAsync("k", TestJson.Default.Item));
        });
        Assert.That(found, Is.EqualTo(("00FF01", "ü€", new Item(7, "x"), 2L, true, true, false, (string?)null, (Item?)null)));
    }

    [Test]
    public async Task A_value_is_copied_into_a_buffer_of_the_callers()
    {
        var buffer = new byte[4];
        Assert.That(await _gateway.RunAsync(async c =>
        {
            await c.Cache("default").SetAsync("k", "abc"u8);
            return (await c.Cache("default").GetAsync("absent", buffer), await c.Cache("default").GetAsync("k", buffer), Encoding.ASCII.GetString(buffer, 0, 3));
        }), Is.EqualTo((-1, 3, "abc")));
        var failure = await _gateway.FailureAsync(async c => await c.Cache("default").GetAsync("k", new byte[2]));
        Assert.That(failure.Message, Is.EqualTo("The value has 3 bytes, and there is room for 2."));
    }

    [Test]
    public async Task A_condition_that_does_not_hold_writes_nothing()
    {
        Assert.That(await _gateway.RunAsync(async c =>
        {
            var cache = c.Cache("default");
            return (await cache.SetStringAsync("k", "1", condition: SetCondition.IfPresent), await cache.SetStringAsync("k", "2", condition: SetCondition.IfAbsent),
                await cache.SetStringAsync("k", "3", condition: SetCondition.IfAbsent), await cache.SetStringAsync("k", "4", condition: SetCondition.IfPresent),
                await cache.GetStringAsync("k"));
        }), Is.EqualTo((false, true, false, true, "4")));
    }

    [Test]
    public async Task Numbers_are_added_to_and_anything_else_is_refused()
    {
        Assert.That(await _gateway.RunAsync(async c => (await c.Cache("default").AddAsync("n", timeToLive: TimeSpan.FromHours(9)), await c.Cache("default").AddAsync("n", -5))), Is.EqualTo((1L, -4L)));
        Assert.That(Cache.TimeToLive("n"), Is.LessThanOrEqualTo(TimeSpan.FromHours(9)).And.GreaterThan(TimeSpan.Zero));
        var failure = await _gateway.FailureAsync(async c =>
        {
            await c.Cache("default").SetStringAsync("t", "text");
            await c.Cache("default").AddAsync("t");
        });
        Assert.That((failure.GetType(), failure.Message), Is.EqualTo((typeof(CacheException), "The value of 't' is no number.")));
    }

    [Test]
    public async Task Times_to_live_are_rounded_up_and_never_negative()
    {
        await _gateway.RunAsync(async c =>
        {
            await c.Cache("default").SetAsync("k", "v"u8, TimeSpan.FromHours(1));
            Assert.That(await c.Cache("default").ExpireAsync("absent", TimeSpan.FromHours(2)), Is.False);
            Assert.That(await c.Cache("default").ExpireAsync("k", TimeSpan.FromHours(2)), Is.True);
            await c.Cache("default").SetAsync("short", "v"u8, TimeSpan.FromTicks(1));
        });
        // Rounded down it would be 0: without end.
        Assert.That(() => Cache["short"], Is.Null.After(10_000, 1));
        Assert.That(Cache.TimeToLive("k"), Is.GreaterThan(TimeSpan.FromHours(1)));
        Assert.That(await _gateway.FailureAsync(async c => await c.Cache("default").SetAsync("k", "v"u8, TimeSpan.FromTicks(-1))), Is.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Many_keys_are_one_call()
    {
        var values = await _gateway.RunAsync(async c =>
        {
            var cache = c.Cache("default");
            await cache.SetManyAsync([new("a", "1"u8.ToArray()), new("b", new byte[10_000])]);
            await cache.SetManyAsync([]);
            var json = await cache.GetManyJsonAsync(TestJson.Default.Int32, "a", "absent");
            var all = await cache.GetManyAsync("b", "absent", "a");
            return (all[0]!.Length, all[1] is null, Encoding.ASCII.GetString(all[2]!), json[0], json[1], (await cache.GetManyAsync()).Length);
        });
        Assert.That(values, Is.EqualTo((10_000, true, "1", 1, 0, 0)));
        Assert.That(Cache.Calls, Is.EqualTo(new[] { "set_many", "get_many", "get_many" }));
    }

    [Test]
    public async Task A_message_is_published()
    {
        Assert.That(await _gateway.RunAsync(c => c.Cache("default").PublishAsync("news", "hello"u8)), Is.EqualTo(1));
        Assert.That(Cache.Published.Single() is ("news", [.. var message]) ? Encoding.ASCII.GetString(message) : "", Is.EqualTo("hello"));
    }

    [TestCase("")]
    [TestCase(null)]
    public async Task A_key_has_at_least_one_byte(string? key)
        => Assert.That(await _gateway.FailureAsync(async c => await c.Cache("default").GetAsync(key!)), Is.InstanceOf<ArgumentException>());

    [Test]
    public async Task A_key_that_is_too_long_is_refused()
        => Assert.That(await _gateway.FailureAsync(async c => await c.Cache("default").GetAsync(new string('k', 1025))), Is.InstanceOf<ArgumentException>());

    [Test]
    public async Task Of_many_requests_one_makes_the_value_and_all_get_it()
    {
        const int Requests = 50;
        var made = 0;
        var all = Enumerable.Range(0, Requests).Select(_ => _gateway.RunAsync(c => c.Cache("default").GetOrSetAsync("k", TimeSpan.FromHours(1), async () =>
        {
            Interlocked.Increment(ref made);
            await Eventually.TrueAsync(() => Task.FromResult(Cache.Waiting == Requests - 1), () => $"{Cache.Waiting} requests wait");
            return new Item(1, "made");
        }, TestJson.Default.Item))).ToList();
        Assert.That(await Task.WhenAll(all), Is.All.EqualTo(new Item(1, "made")));
        Assert.That(made, Is.EqualTo(1));
        Assert.That(Cache.TimeToLive("k"), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task A_factory_that_throws_fails_its_own_request_and_the_next_one_leads()
    {
        var made = 0;
        var calls = Enumerable.Range(0, 2).Select(_ => _gateway.RunAsync(async c =>
        {
            try
            {
                return await c.Cache("default").GetOrSetAsync("k", default, async () =>
                {
                    if (Interlocked.Increment(ref made) > 1)
                        return "second"u8.ToArray();
                    await Eventually.TrueAsync(() => Task.FromResult(Cache.Waiting > 0), () => "another request waits");
                    throw new FormatException("no value");
                });
            }
            catch (FormatException e)
            {
                return Encoding.ASCII.GetBytes(e.Message);
            }
        })).ToList();
        var values = (await Task.WhenAll(calls)).Select(Encoding.ASCII.GetString).Order(StringComparer.Ordinal);
        Assert.That(values, Is.EqualTo(new[] { "no value", "second" }));
        Assert.That(Encoding.ASCII.GetString(Cache["k"]!), Is.EqualTo("second"));
    }

    [Test]
    public async Task A_value_that_cannot_be_written_is_the_answer_all_the_same()
    {
        var value = await _gateway.RunAsync(c => c.Cache("default").GetOrSetAsync("k", default, () =>
        {
            Cache.FailNext(Abi.AbiResult.Unavailable, "the cache went away");
            return new(7);
        }, TestJson.Default.Int32));
        Assert.That(value, Is.EqualTo(7));
        Assert.That(_gateway.Log.Single(l => l.Level == Abi.AbiLogLevel.Warning).Message, Is.EqualTo("The cache 'default' did not take a value that was made for it: the cache went away"));
    }

    [Test]
    public async Task A_leader_whose_request_ends_hands_the_lead_on()
    {
        var entered = new TaskCompletionSource();
        var leader = _gateway.Open(async (c, _) =>
        {
            await c.Cache("default").GetOrSetAsync("k", default, async () =>
            {
                entered.SetResult();
                await c.Delay(TimeSpan.FromHours(1));
                return 1;
            }, TestJson.Default.Int32);
            return Response.Ok();
        });
        await entered.Task;
        var follower = _gateway.RunAsync(c => c.Cache("default").GetOrSetAsync("k", default, () => new(2), TestJson.Default.Int32));
        leader.Cancel();
        Assert.That(await follower, Is.EqualTo(2));
    }
}
