using System.Text;
using EdgeGw.Cache.Tests.Interop;
using EdgeGw.Epochs;

namespace EdgeGw.Cache.Tests;

/// <summary>What holds for every cache.</summary>
internal abstract partial class CacheBehaviour
{
    private TemporaryFolder _state = null!;
    private LabExchange _exchange = null!;

    protected Lab Lab { get; private set; } = null!;

    protected CacheClient Cache => _exchange.Cache();

    protected LabExchange Exchange => _exchange;

    [SetUp]
    public async Task Begin()
    {
        _state = new TemporaryFolder();
        Lab = new Lab(_state.Root, await ServiceAsync());
        _exchange = Lab.Begin();
    }

    [TearDown]
    public async Task End()
    {
        _exchange.Dispose();
        await Lab.DisposeAsync();
        _state.Dispose();
    }

    /// <summary>An empty cache with the bounds given: "cache:default".</summary>
    protected abstract Task<EpochService> ServiceAsync();

    [Test]
    public async Task A_value_comes_back_as_it_was_set()
    {
        var value = Enumerable.Range(0, 100_000).Select(i => (byte)i).ToArray();
        await AssertOkAsync(Cache.Set("k"u8.ToArray(), value));
        var got = await Cache.Get("k");
        Assert.That(got.Result, Is.EqualTo(AbiResult.Ok), got.ToString);
        Assert.That(got.Blob(), Is.EqualTo(value));
    }

    [Test]
    public async Task An_empty_value_is_a_value()
    {
        await AssertOkAsync(Cache.Set("k", ""));
        Assert.That((await Cache.Get("k")).Blob(), Is.Empty);
        Assert.That((await Cache.Exists("k")).Result, Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public async Task What_is_absent_is_the_end()
    {
        Assert.That((await Cache.Get("k")).Result, Is.EqualTo(AbiResult.End));
        Assert.That((await Cache.Exists("k")).Result, Is.EqualTo(AbiResult.End));
        Assert.That((await Cache.Expire("k", 1000)).Result, Is.EqualTo(AbiResult.End));
        Assert.That((await Cache.Expire("k", 0)).Result, Is.EqualTo(AbiResult.End));
        Assert.That((await Cache.Remove("k")).Affected, Is.Zero);
    }

    [Test]
    public async Task Any_bytes_are_a_key()
    {
        byte[][] keys = [[0], [0, 0], "%s {x}:*?[a-z]\r\n"u8.ToArray(), [0xFF, 0xFE], .. new[] { 1024, 1023 }.Select(length => Enumerable.Repeat((byte)0xC3, length).ToArray())];
        foreach (var key in keys)
        {
            await AssertOkAsync(Cache.Set(key, key));
        }
        foreach (var key in keys)
        {
            Assert.That((await Cache.Get(key)).Blob(), Is.EqualTo(key));
        }
    }

    [Test]
    public async Task A_key_has_1_to_1024_bytes()
    {
        Assert.That((await Cache.Get("")).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Cache.Get(new string('k', 1025))).Result, Is.EqualTo(AbiResult.InvalidArgument));
    }

    [Test]
    public async Task A_set_on_a_condition_that_does_not_hold_is_the_end_and_writes_nothing()
    {
        Assert.That((await Cache.Set("k", "1", condition: AbiCacheCondition.IfPresent)).Result, Is.EqualTo(AbiResult.End));
        Assert.That((await Cache.Exists("k")).Result, Is.EqualTo(AbiResult.End));
        await AssertOkAsync(Cache.Set("k", "2", condition: AbiCacheCondition.IfAbsent));
        Assert.That((await Cache.Set("k", "3", condition: AbiCacheCondition.IfAbsent)).Result, Is.EqualTo(AbiResult.End));
        Assert.That(await TextAsync("k"), Is.EqualTo("2"));
        await AssertOkAsync(Cache.Set("k", "4", condition: AbiCacheCondition.IfPresent));
        Assert.That(await TextAsync("k"), Is.EqualTo("4"));
    }

    [Test]
    public async Task Of_many_who_set_what_is_absent_one_does()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Cache.Set("lock", $"{i}", 60_000, AbiCacheCondition.IfAbsent)));
        var winner = Array.FindIndex(replies, reply => reply.Result == AbiResult.Ok);
        Assert.That(replies.Count(reply => reply.Result == AbiResult.Ok), Is.EqualTo(1));
        Assert.That(await TextAsync("lock"), Is.EqualTo($"{winner}"));
    }

    [Test]
    public async Task What_has_a_time_to_live_goes_when_it_is_over()
    {
        await AssertOkAsync(Cache.Set("short", "v", ttl: 50));
        await AssertOkAsync(Cache.Set("long", "v", ttl: 600_000));
        await AssertOkAsync(Cache.Set("ever", "v", ttl: ulong.MaxValue));
        await GoneAsync("short");
        Assert.That(await TextAsync("long"), Is.EqualTo("v"));
        Assert.That(await TextAsync("ever"), Is.EqualTo("v"));
    }

    [Test]
    public async Task Another_time_to_live_takes_the_place_of_the_first()
    {
        await AssertOkAsync(Cache.Set("shortened", "v", ttl: 600_000));
        await AssertOkAsync(Cache.Set("lasting", "v", ttl: 3_000));
        await AssertOkAsync(Cache.Expire("lasting", 0));
        await AssertOkAsync(Cache.Expire("shortened", 20));
        await AssertOkAsync(Cache.Set("after", "v", ttl: 3_000));
        await GoneAsync("shortened");
        await GoneAsync("after");
        Assert.That(await TextAsync("lasting"), Is.EqualTo("v"), "it should have lasted longer than one that came later");
    }

    [Test]
    public async Task A_set_forgets_the_time_to_live_of_before()
    {
        await AssertOkAsync(Cache.Set("k", "1", ttl: 300));
        await AssertOkAsync(Cache.Set("k", "2"));
        await AssertOkAsync(Cache.Set("after", "v", ttl: 300));
        await GoneAsync("after");
        Assert.That(await TextAsync("k"), Is.EqualTo("2"));
    }

    [Test]
    public async Task Many_are_set_got_and_removed_at_once()
    {
        var entries = Enumerable.Range(0, 1024).Select(i => ($"k{i}", new string('v', i))).ToArray();
        await AssertOkAsync(Cache.SetMany(600_000, entries));
        var got = await Cache.GetMany([.. entries.Select(entry => entry.Item1).Take(1023), "none"]);
        Assert.That(got.Values.Take(1023).Select(value => ((byte[])value!).Length), Is.EqualTo(Enumerable.Range(0, 1023)));
        Assert.That(got.Values[1023], Is.Null);
        Assert.That((await Cache.Remove([.. entries.Select(entry => entry.Item1).Take(1023), "none"])).Affected, Is.EqualTo(1023));
        Assert.That((await Cache.Remove("k1023", "k1023")).Affected, Is.EqualTo(1));
    }

    [Test]
    public async Task Many_that_are_set_with_a_time_to_live_all_go()
    {
        await AssertOkAsync(Cache.SetMany(50, ("a", "1"), ("b", "2")));
        await GoneAsync("a");
        await GoneAsync("b");
    }

    [Test]
    public async Task More_than_1024_at_once_are_refused()
    {
        var keys = Enumerable.Range(0, 1025).Select(i => $"k{i}").ToArray();
        Assert.That((await Cache.GetMany(keys)).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Cache.Remove(keys)).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Cache.SetMany(0, [.. keys.Select(key => (key, ""))])).Result, Is.EqualTo(AbiResult.InvalidArgument));
    }

    [Test]
    public async Task A_value_beyond_the_bound_is_refused_in_a_sentence()
    {
        await AssertOkAsync(Cache.Set("k"u8.ToArray(), new byte[1 << 20]));
        Assert.That((await Cache.Get("k")).Blob(), Has.Length.EqualTo(1 << 20));
        foreach (var bytes in (int[])[(1 << 20) + 1, 64 << 20])
        {
            var refused = await Cache.Set("k"u8.ToArray(), new byte[bytes]);
            Assert.That((refused.Result, refused.Error), Is.EqualTo((AbiResult.TooLarge, $"A value of {bytes} bytes is larger than this cache takes (1048576 bytes, setting maxEntryBytes).")));
        }
        Assert.That((await Cache.Get("k")).Blob(), Has.Length.EqualTo(1 << 20), "what was there stays");
    }

    [Test]
    public async Task Published_to_nobody_is_received_by_none()
    {
        var published = await Cache.Publish("news", "hello");
        Assert.That((published.Result, published.Affected), Is.EqualTo((AbiResult.Ok, 0ul)), published.ToString);
    }

    [Test]
    public async Task Ten_thousand_calls_at_once_are_all_answered_rightly()
    {
        // As a gateway has them: on behalf of many requests, each of which has one thread inside.
        const int Requests = 500, Calls = 20;
        var exchanges = Enumerable.Range(0, Requests).Select(_ => Lab.Begin()).ToArray();
        var keys = Enumerable.Range(0, Requests * Calls).ToArray();
        var sets = await Task.WhenAll(keys.Select(i => exchanges[i % Requests].Cache().Set($"{i}", $"value of {i}", 600_000)));
        var sums = await Task.WhenAll(keys.Select(i => exchanges[i % Requests].Cache().Add("sum", 1, 600_000)));
        var gots = await Task.WhenAll(keys.Select(i => exchanges[i % Requests].Cache().Get($"{i}")));
        Assert.That(sets.Concat(sums).Concat(gots).Where(reply => reply.Result != AbiResult.Ok).Take(3), Is.Empty);
        Assert.That(sums.Select(sum => sum.Number()).Order(), Is.EqualTo(keys.Select(i => i + 1L)));
        Assert.That(gots.Select(Text), Is.EqualTo(keys.Select(i => $"value of {i}")));
        foreach (var exchange in exchanges)
        {
            exchange.Dispose();
        }
    }

    protected static async Task AssertOkAsync(Task<Reply> call)
    {
        var reply = await call;
        Assert.That(reply.Result, Is.EqualTo(AbiResult.Ok), reply.ToString);
    }

    protected async Task<string> TextAsync(string key) => await Cache.Get(key) is { Result: AbiResult.Ok } got ? Encoding.UTF8.GetString(got.Blob()) : "(nothing)";

    private Task GoneAsync(string key) => Eventually.TrueAsync(async () => (await Cache.Exists(key)).Result == AbiResult.End, () => $"{key} goes");
}
