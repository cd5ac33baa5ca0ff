namespace EdgeGw.EndToEnd.Tests;

/// <summary>The embedded cache, used by a handler in C through its table.</summary>
public sealed class CacheTests() : OneGateway("cache", "counter-c")
{
    [Test]
    public async Task What_was_written_is_read_until_it_is_removed()
    {
        await SendAsync(HttpMethod.Put, "/cache/color?%00blue%FF");
        Assert.That(await TextAsync("/cache/color"), Is.EqualTo("%00blue%FF"));
        Assert.That(await SendAsync(HttpMethod.Delete, "/cache/color"), Is.EqualTo("1\n"));
        using var gone = await Client.GetAsync("/cache/color");
        Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await SendAsync(HttpMethod.Delete, "/cache/color"), Is.EqualTo("0\n"));
    }

    [Test]
    public async Task Concurrent_additions_lose_none()
    {
        var sums = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => SendAsync(HttpMethod.Post, "/add/visits/3")));
        Assert.That(sums.Select(sum => int.Parse(sum.Trim(), System.Globalization.CultureInfo.InvariantCulture)).Order(), Is.EqualTo(Enumerable.Range(1, 200).Select(i => i * 3)));
    }

    [Test]
    public async Task The_example_in_C_counts()
    {
        Assert.That(await TextAsync("/c/counters/visits"), Is.EqualTo("0\n"));
        Assert.That(await SendAsync(HttpMethod.Post, "/c/counters/visits"), Is.EqualTo("1\n"));
        Assert.That(await TextAsync("/c/counters/visits"), Is.EqualTo("1\n"));
    }

    [Test]
    public async Task Adding_to_what_is_no_number_is_refused_in_a_sentence()
    {
        await SendAsync(HttpMethod.Put, "/cache/word?ten");
        using var response = await Client.PostAsync("/add/word/1", null);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("-12 The value under this key is not a whole number of 64 bits, so nothing can be added to it.\n"));
    }

    [Test]
    public async Task Of_many_callers_at_once_one_makes_the_value_and_all_get_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TextAsync("/flight/expensive")));
        Assert.That(answers.Distinct().Count(), Is.EqualTo(1), string.Join("", answers.Distinct()));
        Assert.That(await TextAsync("/cache/expensive"), Is.EqualTo(answers[0]));
    }

    [Test]
    public async Task A_leader_that_ends_without_a_value_is_followed_by_the_next_one()
    {
        Assert.That(await TextAsync("/flight/dropped/drop"), Is.EqualTo("led\n"));
        Assert.That(await TextAsync("/flight/dropped/drop"), Is.EqualTo("led\n"));
        Assert.That(await TextAsync("/flight/dropped"), Does.StartWith("made "));
        Assert.That(await TextAsync("/flight/dropped/drop"), Is.EqualTo("did not lead\n"));
    }

    [Test]
    public async Task A_service_that_the_manifest_does_not_name_is_not_bound() => Assert.That(await TextAsync("/unbound"), Is.EqualTo("-13 0 -13\n"));

    [Test]
    public async Task Wrong_arguments_are_refused_and_nothing_is_called_back() =>
        Assert.That(await TextAsync("/misuse"), Is.EqualTo("no callback -1\nno key -1\nlong key -1\nnull value -1\ncondition -1\nno keys -1\nservice -13\nexchange -2\nlead -2\n"));

    private async Task<string> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
