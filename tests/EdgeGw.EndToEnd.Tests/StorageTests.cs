using System.Net.Http.Headers;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>A handler in C stores objects: the same sentences on the directory and on a real S3 server.</summary>
public abstract class StorageTests
{
    private const long Large = 256_000_000;

    /// <summary>What a worker may grow by while an object goes through: parts and buffers, whatever the object's size.</summary>
    private const long Growth = 120_000_000;

    private HttpClient? _client;

    protected Gateway Gateway { get; private set; } = null!;

    protected HttpClient Client => _client!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Gateway = await Gateway.StartAsync(new GatewayOptions { Environment = new Dictionary<string, string?> { ["TEST_S3_SECRET"] = SwiftServer.SecretKey, ["EDGEGW_ACCESSLOG__SAMPLE"] = "1" } });
        _client = Http.Http11(Gateway.Address);
        await AddServiceAsync();
        await Gateway.DeployAsync(Repository.Fixture("storage"));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client?.Dispose();
        await Gateway.DisposeAsync();
        await EndServiceAsync();
    }

    [Test]
    public async Task An_object_comes_back_with_its_type_and_metadata()
    {
        await PutAsync("/files/a/b.txt", "hello, wörld", "text/x-note", "half = 50 %");
        using var got = await Client.GetAsync("/files/a/b.txt");
        Assert.That(await got.Content.ReadAsStringAsync(), Is.EqualTo("hello, wörld"));
        Assert.That(got.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/x-note"));
        Assert.That(got.Headers.GetValues("X-Note"), Is.EqualTo(new[] { "half = 50 %" }));
        Assert.That(await TextAsync("/stat/a/b.txt"), Is.EqualTo("13\n"));
        Assert.That(await TextAsync("/files/a/b.txt?7,3"), Is.EqualTo("wö"));
        Assert.That((await Client.GetAsync("/files/a/b.txt?100,3")).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public async Task A_list_is_rolled_up_at_a_delimiter()
    {
        foreach (var key in (string[])["l/1", "l/2/x", "l/2/y", "l/3"])
        {
            await PutAsync("/files/" + key, "xy");
        }
        Assert.That(await TextAsync("/list?l/"), Is.EqualTo("l/1 2\nl/2/x 2\nl/2/y 2\nl/3 2\n"));
        Assert.That(await TextAsync("/tree?l/"), Is.EqualTo("l/1 2\nl/2/\nl/3 2\n"));
    }

    [Test]
    public async Task An_object_is_copied_and_removed()
    {
        await PutAsync("/files/from", "copied", "text/y");
        Assert.That(await (await Client.PostAsync("/copy/from/to", null)).Content.ReadAsStringAsync(), Is.EqualTo("done\n"));
        Assert.That((await Client.PostAsync("/copy/nothing/to", null)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        using var copy = await Client.GetAsync("/files/to");
        Assert.That((await copy.Content.ReadAsStringAsync(), copy.Content.Headers.ContentType!.MediaType), Is.EqualTo(("copied", "text/y")));
        Assert.That(await (await Client.DeleteAsync("/files/to")).Content.ReadAsStringAsync(), Is.EqualTo("done\n"));
        Assert.That((await Client.GetAsync("/files/to")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Client.GetAsync("/stream/to")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Client.GetAsync("/stat/to")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task An_object_goes_through_in_constant_memory()
    {
        // The 2 GB of the documentation: TEST_LARGE_OBJECT=2000000000.
        var length = Environment.GetEnvironmentVariable("TEST_LARGE_OBJECT") is { } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : Large;
        var worker = await Gateway.WorkerPidAsync();
        using var client = new HttpClient { BaseAddress = Gateway.Address, Timeout = TimeSpan.FromMinutes(9) };
        await PutAsync("/stream/warm", new string('w', 1_000_000));
        var before = ProcessFigures.ResidentBytes(worker);
        var up = PutLargeAsync(client, length);
        var afterUp = await PeakAsync(worker, up);
        Assert.That(await up, Is.EqualTo($"{length}\n"));
        var down = GetLargeAsync(client);
        var afterDown = await PeakAsync(worker, down);
        Assert.That(await down, Is.EqualTo(length));
        TestContext.Out.WriteLine($"{length / 1e6:0} MB: the worker had {before / 1e6:0.0} MB before, {afterUp / 1e6:0.0} MB at most on the way up, {afterDown / 1e6:0.0} MB on the way down");
        Assert.That(Math.Max(afterUp, afterDown) - before, Is.LessThan(Growth));
        Assert.That((await Client.DeleteAsync("/files/large")).IsSuccessStatusCode, Is.True);
    }

    [Test]
    public async Task An_upload_that_is_left_is_no_object()
    {
        using var content = new StreamContent(new PatternStream(20_000_000));
        using var left = await Client.PutAsync("/abandon/never", content);
        Assert.That(await left.Content.ReadAsStringAsync(), Is.EqualTo("left\n"));
        Assert.That((await Client.GetAsync("/stat/never")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_presigned_URL_puts_and_gets_and_cannot_be_forged()
    {
        using var stranger = new HttpClient { Timeout = Eventually.Patience };
        using var put = await stranger.PutAsync(await TextAsync("/presign/2/signed/ö.bin"), new StringContent("0123456789"));
        Assert.That(put.IsSuccessStatusCode, Is.True, await put.Content.ReadAsStringAsync());
        var url = await TextAsync("/presign/1/signed/ö.bin");
        Assert.That(await stranger.GetStringAsync(url), Is.EqualTo("0123456789"));
        using var range = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(2, 4) } };
        using var part = await stranger.SendAsync(range);
        Assert.That((part.StatusCode, await part.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.PartialContent, "234")));
        using var forged = await stranger.GetAsync(url[..^1] + (url[^1] == '0' ? '1' : '0'));
        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        using var other = await stranger.PutAsync(url, new StringContent("x"));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "a URL to get does not put");
    }

    /// <summary>Puts the storage in place.</summary>
    protected abstract Task AddServiceAsync();

    /// <summary>Ends what <see cref="AddServiceAsync"/> began.</summary>
    protected abstract Task EndServiceAsync();

    protected async Task<string> TextAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task PutAsync(string path, string body, string type = "text/plain", string note = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(body) { Headers = { ContentType = new(type) } } };
        if (note.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("X-Note", note);
        }
        using var response = await Client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    private static async Task<string> PutLargeAsync(HttpClient client, long length)
    {
        using var content = new StreamContent(new PatternStream(length));
        using var response = await client.PutAsync("/stream/large", content);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<long> GetLargeAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/stream/large", HttpCompletionOption.ResponseHeadersRead);
        return await PatternStream.VerifyAsync(await response.Content.ReadAsStreamAsync());
    }

    private static async Task<long> PeakAsync(int worker, Task transfer)
    {
        long peak = 0;
        await Eventually.IsTrueAsync(
            () =>
            {
                peak = Math.Max(peak, ProcessFigures.ResidentBytes(worker));
                return Task.FromResult(transfer.IsCompleted);
            },
            TimeSpan.FromMinutes(9));
        return peak;
    }
}

/// <summary>On the embedded storage.</summary>
public sealed class DirectoryStorageTests : StorageTests
{
    [Test]
    public async Task The_log_has_requests_to_presigned_URLs_without_their_signatures()
    {
        var url = await TextAsync("/presign/1/not/there");
        using var got = await Client.GetAsync(url);
        Assert.That(got.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        var line = await Gateway.Output.WaitForAsync("/.edgegw/storage/files/not/there");
        Assert.That(line, Does.Contain("signature=...").And.Contain("404").And.Not.Contain(url[^20..]));
    }

    [Test]
    public async Task A_presigned_URL_begins_with_the_first_listener() => Assert.That(await TextAsync("/presign/1/k"), Does.StartWith($"{Gateway.Address}.edgegw/storage/files/k?"));

    protected override Task AddServiceAsync() => Task.CompletedTask;

    protected override Task EndServiceAsync() => Task.CompletedTask;
}

/// <summary>On S3.</summary>
public sealed class S3StorageTests : StorageTests
{
    private SwiftServer? _server;

    [Test]
    public async Task A_server_that_is_stopped_is_503_and_serves_again_after_its_restart()
    {
        await _server!.StopAsync();
        using var down = await Client.GetAsync("/files/k");
        Assert.That(down.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), await down.Content.ReadAsStringAsync());
        await _server.StartAgainAsync();
        await Eventually.TrueAsync(async () => (await Client.GetAsync("/files/k")).StatusCode == HttpStatusCode.NotFound, () => "the storage answers again");
    }

    [TestCase("bucket=not-there", "The storage has no bucket 'not-there': create it, or change the setting bucket.")]
    [TestCase("secretKey=env:HOME", "its secret is wrong")]
    [TestCase("endpoint=127.0.0.1:1", "nothing takes connections at its endpoint")]
    [TestCase("tls=true", "TLS handshake failed")]
    public async Task A_configuration_that_cannot_work_is_refused_with_its_reason(string setting, string reason)
    {
        var result = await AddAsync("storage:other", setting);
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain(reason).And.Not.Contain(SwiftServer.SecretKey + " ").And.Not.Contain(Environment.GetEnvironmentVariable("HOME") ?? "?"));
    }

    protected override async Task AddServiceAsync()
    {
        _server = await SwiftServer.StartAsync();
        await _server.CreateBucketAsync("files");
        var added = await AddAsync("storage:files");
        Assert.That(added.ExitCode, Is.Zero, added.ToString());
    }

    protected override async Task EndServiceAsync() => await _server!.DisposeAsync();

    private Task<CommandResult> AddAsync(string name, params string[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["endpoint"] = _server!.Endpoint,
            ["bucket"] = "files",
            ["accessKey"] = SwiftServer.AccessKey,
            ["secretKey"] = "env:TEST_S3_SECRET",
            ["tls"] = "false",
        };
        foreach (var setting in more)
        {
            settings[setting.Split('=')[0]] = setting.Split('=')[1];
        }
        return Gateway.Cli.RunAsync(["service", "add", name, "--provider", "s3", .. settings.SelectMany(pair => new[] { "--set", $"{pair.Key}={pair.Value}" })]);
    }
}
