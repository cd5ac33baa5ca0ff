using System.Diagnostics;
using System.Net.Http.Headers;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Long bodies in both directions, events, and clients that leave.</summary>
[TestFixture("shared")]
[TestFixture("process")]
public sealed class StreamingTests(string isolation) : OneGateway("echo-c", "stream", "dump", "cancelled", "hello-c")
{
    protected override string[] DeployOptions { get; } = ["--isolation", isolation];

    private const int MegaBytes = 1_000_000;

    [Test]
    [NonParallelizable]
    public async Task A_100_MB_upload_comes_back_byte_exact_with_flat_memory([Values] bool http2, [Values] bool chunked)
    {
        const int length = 100 * MegaBytes;
        using var folder = new TemporaryFolder();
        await using (var file = File.Create(folder["sent"]))
        {
            await new PatternStream(length).CopyToAsync(file);
        }

        // curl sends and receives at once, which HttpClient does not do over HTTP/1.1.
        string[] arguments =
        [
            "--silent", "--show-error", "--fail", "--max-time", "60", http2 ? "--http2-prior-knowledge" : "--http1.1", "--request", "POST", "--upload-file", folder["sent"],
            "--output", folder["received"], .. chunked ? new[] { "--header", "Transfer-Encoding: chunked" } : [], new Uri(Gateway.Address, "/c/echo").ToString(),
        ];
        var workers = await WorkersAsync();
        // Pools fill on the first upload of a kind; what a second one adds would be its body.
        var first = await Command.RunAsync("curl", arguments, timeout: TimeSpan.FromSeconds(90));
        Assert.That(first.ExitCode, Is.Zero, first.ToString());
        // Without the pages of code, which a process that is idle in between gives back and then takes again.
        var before = workers.Sum(ProcessFigures.AnonymousBytes);
        var peak = before;
        var curl = Command.RunAsync("curl", arguments, timeout: TimeSpan.FromSeconds(90));
        await Eventually.TrueAsync(
            () =>
            {
                peak = Math.Max(peak, workers.Sum(ProcessFigures.AnonymousBytes));
                return Task.FromResult(curl.IsCompleted);
            },
            () => "curl is done");

        Assert.That((await curl).ExitCode, Is.Zero, (await curl).ToString());
        TestContext.Out.WriteLine($"worker: {before / 1e6:0.0} MB before, {peak / 1e6:0.0} MB at most");
        await using var received = File.OpenRead(folder["received"]);
        Assert.That(await PatternStream.VerifyAsync(received), Is.EqualTo(length));
        Assert.That(peak - before, Is.LessThan(20 * MegaBytes), "bytes of growth: the body is never held");
    }

    [Test]
    public async Task A_long_answer_arrives_whole_at_a_client_that_reads_slowly([Values] bool http2)
    {
        using var client = http2 ? Http.Http2(Gateway.Address) : Http.Http11(Gateway.Address);
        using var response = await client.GetAsync($"/stream/bytes/{30 * MegaBytes}", HttpCompletionOption.ResponseHeadersRead);
        // The gateway has sent what the sockets hold; the rest waits in the handler until this begins to read.
        await Eventually.TrueAsync(async () => await TextAsync("/cookies") == "two\n", () => "others are served meanwhile");
        Assert.That(await PatternStream.VerifyAsync(await response.Content.ReadAsStreamAsync()), Is.EqualTo(30 * MegaBytes));
    }

    [Test]
    public async Task Server_sent_events_arrive_one_by_one([Values] bool http2)
    {
        using var client = http2 ? Http.Http2(Gateway.Address) : Http.Http11(Gateway.Address);
        using var response = await client.GetAsync("/stream/gated", HttpCompletionOption.ResponseHeadersRead);
        Assert.That(response.Content.Headers.ContentType, Is.EqualTo(new MediaTypeHeaderValue("text/event-stream")));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 5; i++)
        {
            // The next event exists only after this one was read: had the gateway held it back, this would never end.
            Assert.That(await reader.ReadLineAsync().WaitAsync(Eventually.Patience), Is.EqualTo($"data: {i}"));
            Assert.That(await reader.ReadLineAsync().WaitAsync(Eventually.Patience), Is.Empty);
            using var next = await Client.PostAsync("/stream/next", null);
        }

        using var end = await Client.PostAsync("/stream/end", null);
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("data: 5\n\n"));
    }

    [Test]
    public async Task Timed_events_come_in_time()
    {
        var watch = Stopwatch.StartNew();
        var text = await TextAsync("/stream/events/10/20");
        Assert.That(text, Is.EqualTo(string.Concat(Enumerable.Range(1, 10).Select(i => $"data: {i}\n\n"))));
        Assert.That(watch.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(9 * 20 - 20)));
    }

    [Test]
    public async Task Repeated_Set_Cookie_lines_survive([Values] bool http2)
    {
        using var client = http2 ? Http.Http2(Gateway.Address) : Http.Http11(Gateway.Address);
        using var response = await client.GetAsync("/cookies");
        Assert.That(response.Headers.GetValues("Set-Cookie"), Is.EqualTo((string[])["a=1; Path=/", "b=2; Path=/; HttpOnly"]));
    }

    [Test]
    public async Task A_client_that_leaves_cancels_its_handler([Values] bool http2)
    {
        var before = await CountsAsync();
        using var client = http2 ? Http.Http2(Gateway.Address) : Http.Http11(Gateway.Address);
        using var leave = new CancellationTokenSource();
        var request = client.GetAsync("/cancelled/wait", leave.Token);
        await Eventually.TrueAsync(async () => (await CountsAsync()).Started == before.Started + 1, () => "the handler has begun");

        await leave.CancelAsync();

        Assert.That(async () => await request, Throws.InstanceOf<OperationCanceledException>());
        await Eventually.TrueAsync(async () => (await CountsAsync()).Cancelled == before.Cancelled + 1, () => "the handler was told");
        Assert.That((await CountsAsync()).Flagged, Is.EqualTo(before.Flagged + 1), "the flag was set by then");
    }

    [Test]
    public async Task An_answer_that_breaks_off_is_seen_by_the_client_as_broken()
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, "GET /stream/broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        // Between the workers a reset may overtake what was sent before it: then the gateway says so in the handler's place.
        Assert.That(answer, isolation == "process" ? Does.Contain("some bytes").Or.StartWith("HTTP/1.1 502") : Does.Contain("some bytes"));
        Assert.That(answer, Does.Not.EndWith("0\r\n\r\n"), "the last chunk would say that all is well");
    }

    [Test]
    public async Task The_examples_in_C_answer()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/c/hello/Zo%C3%AB");
        Assert.That(request.Headers.TryAddWithoutValidation("User-Agent", "a \"quoted\" one"), Is.True);
        using var response = await Client.SendAsync(request);
        var hello = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        using var scope = Assert.EnterMultipleScope();
        Assert.That(hello.GetProperty("message").GetString(), Is.EqualTo("Hello, Zo\u00c3\u00ab"), "bytes, each escaped by itself");
        Assert.That(hello.GetProperty("agent").GetString(), Is.EqualTo("a \"quoted\" one"));
        Assert.That(await TextAsync("/c/later/5"), Is.EqualTo("later\n"));
    }

    // All that a body passes through.
    private async Task<IReadOnlyList<int>> WorkersAsync() =>
    [
        await Gateway.WorkerPidAsync(), .. (await Gateway.StatusAsync()).GetProperty("isolated").EnumerateArray().Where(worker => worker.GetProperty("handler").GetString() == "echo-c").Select(worker => worker.GetProperty("pid").GetInt32()),
    ];

    private async Task<(int Started, int Cancelled, int Flagged)> CountsAsync()
    {
        var numbers = (await TextAsync("/cancelled/count")).Split(' ').Select(pair => int.Parse(pair.Split('=')[1])).ToArray();
        return (numbers[0], numbers[1], numbers[2]);
    }
}
