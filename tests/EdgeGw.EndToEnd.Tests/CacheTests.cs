namespace EdgeGw.EndToEnd.Tests;

/// <summary>A cache, used by a handler in C through its table.</summary>
public abstract class CacheTests() : OneGateway("cache", "counter-c")
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

    protected async Task<string> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}

/// <summary>The embedded cache.</summary>
public sealed class MemoryCacheTests : CacheTests;

/// <summary>The cache on a real server, with TLS and a password.</summary>
public sealed class RedisCacheTests : CacheTests
{
    private const string Password = "pa$$ word";

    private RedisServer _server = null!;

    protected override GatewayOptions Options => new() { Environment = new Dictionary<string, string?> { ["REDIS_PASSWORD"] = Password } };

    [OneTimeSetUp]
    public async Task UseRedisAsync()
    {
        _server = await RedisServer.StartAsync(new RedisServerOptions { Tls = true, Password = Password });
        var added = await Gateway.Cli.RunAsync(
            "service", "add", "cache:default", "--provider", "redis", "--set", "host=127.0.0.1", "--set", $"port={_server.Port}", "--set", "password=env:REDIS_PASSWORD",
            "--set", "tls=true", "--set", $"caFile={_server.CaFile}", "--set", "prefix=e2e:");
        Assert.That(added.ExitCode, Is.Zero, added.ToString());
    }

    [OneTimeTearDown]
    public async Task StopRedisAsync() => await _server.DisposeAsync();

    [Test]
    public async Task The_values_are_on_the_server()
    {
        await SendAsync(HttpMethod.Put, "/cache/where?here");
        Assert.That(await _server.CliAsync("GET", "e2e:where"), Is.EqualTo("here"));
    }

    [Test]
    public async Task A_password_that_the_server_does_not_take_is_found_out_before_the_service_is_added()
    {
        var refused = await Gateway.Cli.RunAsync(
            "service", "add", "cache:wrong", "--provider", "redis", "--set", "host=127.0.0.1", "--set", $"port={_server.Port}", "--set", "password=env:PATH", "--set", "tls=true", "--set", $"caFile={_server.CaFile}");
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.StartWith(
            $"edgegw: The cache server 127.0.0.1:{_server.Port} does not accept the user and the password of this service, or asks for ones that are not set.\n"));
    }

    [Test]
    public async Task A_certificate_that_nobody_vouches_for_is_found_out_before_the_service_is_added()
    {
        var refused = await Gateway.Cli.RunAsync(
            "service", "add", "cache:wrong", "--provider", "redis", "--set", "host=127.0.0.1", "--set", $"port={_server.Port}", "--set", "password=env:REDIS_PASSWORD", "--set", "tls=true");
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.StartWith(
            $"edgegw: The cache server 127.0.0.1:{_server.Port} has a certificate that is not trusted or is not for this host (RemoteCertificateChainErrors): see the settings host and caFile.\n"));
    }
}
