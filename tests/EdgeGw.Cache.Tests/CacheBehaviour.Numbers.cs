namespace EdgeGw.Cache.Tests;

/// <summary>Numbers in caches.</summary>
internal abstract partial class CacheBehaviour
{
    [Test]
    public async Task Additions_begin_at_nothing_and_lose_none()
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Cache.Add("n", 3, 600_000)));
        Assert.That(sums.Select(sum => sum.Number()).Order(), Is.EqualTo(Enumerable.Range(1, 200).Select(i => i * 3L)));
        Assert.That((await Cache.Add("n", -700)).Number(), Is.EqualTo(-100));
        Assert.That(await TextAsync("n"), Is.EqualTo("-100"));
    }

    [Test]
    public async Task A_number_keeps_the_time_to_live_that_its_first_addition_gave_it()
    {
        await Cache.Add("ends", 1, 3_000);
        await Cache.Add("ends", 1, 600_000);
        await Cache.Add("lasts", 1);
        await Cache.Add("lasts", 1, 50);
        await GoneAsync("ends");
        Assert.That(await TextAsync("lasts"), Is.EqualTo("2"));
    }

    [Test]
    public async Task Numbers_have_64_bits()
    {
        Assert.That((await Cache.Add("most", long.MaxValue, 600_000)).Number(), Is.EqualTo(long.MaxValue));
        Assert.That((await Cache.Add("least", long.MinValue)).Number(), Is.EqualTo(long.MinValue));
        foreach (var (key, delta) in (ReadOnlySpan<(string, long)>)[("most", 1), ("least", -1)])
        {
            var refused = Cache.Add(key, delta, 600_000).GetAwaiter().GetResult();
            Assert.That((refused.Result, refused.Error), Is.EqualTo((AbiResult.Refused, "The sum does not fit into 64 bits.")));
        }
        Assert.That(await TextAsync("most"), Is.EqualTo("9223372036854775807"));
    }

    [TestCase("ten")]
    [TestCase("")]
    [TestCase("1.5")]
    [TestCase(" 1")]
    [TestCase("1 ")]
    [TestCase("+1")]
    [TestCase("01")]
    [TestCase("-0")]
    [TestCase("9223372036854775808")]
    public async Task Adding_to_what_is_no_number_is_refused_and_changes_nothing(string value)
    {
        await AssertOkAsync(Cache.Set("word", value));
        foreach (var ttl in (ulong[])[0, 600_000])
        {
            var refused = await Cache.Add("word", 1, ttl);
            Assert.That((refused.Result, refused.Error), Is.EqualTo((AbiResult.Refused, "The value under this key is not a whole number of 64 bits, so nothing can be added to it.")));
        }
        Assert.That(await TextAsync("word"), Is.EqualTo(value));
    }
}
