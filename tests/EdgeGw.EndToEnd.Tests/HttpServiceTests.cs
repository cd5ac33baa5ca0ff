namespace EdgeGw.EndToEnd.Tests;

/// <summary>The HTTP client, used by a handler in C through its table: a proxy to routes of the same gateway.</summary>
public sealed class HttpServiceTests() : OneGateway("stream", "echo-c")
{
    private const int MegaBytes = 1_000_000;

    [OneTimeSetUp]
    public Task DeployAsync() => Gateway.DeployAsync(Repository.Fixture("http"), "--set", $"upstream={Gateway.Address}");

    [Test]
    public async Task A_request_goes_through_with_its_headers_and_its_body_and_so_does_the_answer()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/proxy/c/echo?a=%2F") { Content = new ByteArrayContent([0, 1, 255]) { Headers = { { "Content-Type", "application/x-three" } } } };
        using var answer = await Client.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/x-three"));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.EqualTo(new byte[] { 0, 1, 255 }));
        using var missing = await Client.GetAsync("/proxy/nothing");
        Assert.That(missing.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    [NonParallelizable]
    public async Task A_100_MB_body_goes_through_each_way_with_flat_memory()
    {
        var worker = await Gateway.WorkerPidAsync();
        await PassAsync(); // pools fill the first time
        var (before, peak) = (ProcessFigures.ResidentBytes(worker), 0L);
        var passing = PassAsync();
        await Eventually.TrueAsync(() =>
        {
            peak = Math.Max(peak, ProcessFigures.ResidentBytes(worker));
            return Task.FromResult(passing.IsCompleted);
        }, () => "both have passed");
        await passing;
        TestContext.Out.WriteLine($"worker: {before / 1e6:0.0} MB before, {peak / 1e6:0.0} MB at most");
        Assert.That(peak - before, Is.LessThan(60 * MegaBytes), "bytes of growth: a body that was held would be 100 MB, at each of two hops");
    }

    [Test]
    public async Task Many_requests_at_once_are_all_answered()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            using var answer = await Client.PostAsync("/proxy/c/echo", new StringContent($"{i}"));
            return await answer.Content.ReadAsStringAsync();
        }));
        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, 300).Select(i => $"{i}")));
    }

    [Test]
    public async Task What_is_not_allowed_or_not_there_is_refused_in_a_sentence()
    {
        Assert.That(await TextAsync("/fetch?http://169.254.169.254/latest/meta-data/"), Is.EqualTo(
            "-12 not-allowed 169.254.169.254 has the address 169.254.169.254, which is one of a link-local network or of cloud metadata:"
            + " such are only connected to when the setting 'allow' of http:default names the very address.\n"));
        Assert.That(await TextAsync("/fetch?http://127.0.0.1:1/"), Is.EqualTo("-10 connect 127.0.0.1:1 could not be connected to: Connection refused.\n"));
        Assert.That(await TextAsync("/fetch?http://does-not-exist.invalid/"), Is.EqualTo("-10 name does-not-exist.invalid has no address: its name could not be resolved.\n"));
    }

    [Test]
    public async Task Wrong_arguments_are_refused_and_nothing_is_called_back() =>
        Assert.That(await TextAsync("/misuse"), Is.EqualTo("no callback -1\nno request -1\nsize -1\nno headers -1\nnull body -1\nservice -13\nexchange -2\nopen -2\n"));

    [Test]
    public async Task A_client_that_leaves_takes_its_request_along()
    {
        using (var connection = await RawConnection.OpenAsync(Gateway.Address))
        {
            await connection.SendAsync("GET /proxy/stream/gated HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.That(await connection.ReadUntilAsync("data: 0"), Does.Contain("data: 0"));
            connection.Abort();
        }
        // The handler of the other end finds its client gone as well.
        await Eventually.TrueAsync(async () => await (await Client.PostAsync("/stream/next", null)).Content.ReadAsStringAsync() is not ("0" or "1"), () => "the proxied request goes on");
        using var end = await Client.PostAsync("/stream/end", null);
    }

    [Test]
    public async Task A_test_of_the_service_needs_no_server_and_settings_are_checked()
    {
        var tested = await Gateway.Cli.RunAsync("service", "test", "http:default");
        Assert.That(tested.ExitCode, Is.Zero, tested.ToString());
        var refused = await Gateway.Cli.RunAsync("service", "add", "http:inner", "--provider", "client", "--set", "caFile=/nonexistent/ca.pem");
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Error, Does.Contain("'caFile' cannot be read: "));
    }

    private async Task PassAsync()
    {
        using var upload = new HttpRequestMessage(HttpMethod.Post, "/proxy/count") { Content = new StreamContent(new PatternStream(100 * MegaBytes)) };
        using var counted = await Client.SendAsync(upload);
        Assert.That(await counted.Content.ReadAsStringAsync(), Is.EqualTo($"{100 * MegaBytes}"));
        using var download = await Client.GetAsync($"/proxy/stream/bytes/{100 * MegaBytes}", HttpCompletionOption.ResponseHeadersRead);
        Assert.That(await PatternStream.VerifyAsync(await download.Content.ReadAsStreamAsync()), Is.EqualTo(100 * MegaBytes));
    }
}
