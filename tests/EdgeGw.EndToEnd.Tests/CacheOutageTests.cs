namespace EdgeGw.EndToEnd.Tests;

/// <summary>A Redis that goes and comes back under load.</summary>
public sealed class CacheOutageTests
{
    private const int Callers = 16;

    private RedisServer _server = null!;
    private Gateway _gateway = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await RedisServer.StartAsync();
        _gateway = await Gateway.StartAsync();
        _client = Http.Http11(_gateway.Address);
        await _gateway.DeployAsync(Repository.Fixture("cache"));
        // A slow machine is no server that hangs.
        await AddServiceAsync("20s");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_server_that_stops_under_load_costs_an_error_and_is_found_again()
    {
        await ColorsAsync();
        var answers = await UnderLoadAsync(async seen =>
        {
            await _server.StopAsync();
            await seen(answer => answer.Status == HttpStatusCode.ServiceUnavailable);
            await _server.StartAgainAsync();
            await ColorsAsync();
            await seen(answer => answer.Body == "blue");
        });
        Assert.That(answers.Select(answer => answer.Status).Distinct(), Is.SubsetOf(new[] { HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable }));
        Assert.That(answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Body), Is.All.EqualTo("blue"));
        var unavailable = answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable).Select(answer => answer.Body).Distinct().ToArray();
        Assert.That(unavailable, Is.Not.Empty.And.All.Match($"^-10 The cache server 127\\.0\\.0\\.1:{_server.Port} [^.]+\\.\n$"));
    }

    [Test]
    public async Task A_server_that_hangs_under_load_costs_its_timeout_and_goes_on()
    {
        await AddServiceAsync("500ms");
        await ColorsAsync();
        var answers = await UnderLoadAsync(async seen =>
        {
            await _server.HangAsync();
            await seen(answer => answer.Status == HttpStatusCode.Conflict);
            await seen(answer => answer.Status == HttpStatusCode.ServiceUnavailable);
            await _server.GoOnAsync();
            await seen(answer => answer.Body == "blue");
        });
        var late = answers.Where(answer => answer.Status == HttpStatusCode.Conflict).Select(answer => answer.Body).Distinct().ToArray();
        Assert.That(late, Is.EqualTo(new[] { "-11 The service cache:default did not answer within 500 ms.\n" }));
    }

    // Again with another timeout: it is changed.
    private async Task AddServiceAsync(string timeout)
    {
        var added = await _gateway.Cli.RunAsync(
            "service", "add", "cache:default", "--provider", "redis", "--set", "host=127.0.0.1", "--set", $"port={_server.Port}", "--timeout", timeout);
        Assert.That(added.ExitCode, Is.Zero, added.ToString());
    }

    // Until the value is there: the service may still be finding its server.
    private async Task ColorsAsync() => await Eventually.TrueAsync(
        async () =>
        {
            using var answer = await _client.PutAsync("/cache/color?blue", null);
            return answer.IsSuccessStatusCode;
        },
        () => $"the cache takes a value\n{_gateway.Error}");

    // What the callers saw while `happens` went on; `seen` waits until one of them sees something from then on.
    private async Task<IReadOnlyList<(HttpStatusCode Status, string Body)>> UnderLoadAsync(Func<Func<Func<(HttpStatusCode Status, string Body), bool>, Task>, Task> happens)
    {
        var answers = new List<(HttpStatusCode Status, string Body)>();
        using var enough = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                using var answer = await _client.GetAsync("/cache/color");
                var body = await answer.Content.ReadAsStringAsync();
                lock (answers)
                {
                    answers.Add((answer.StatusCode, body));
                }
            }
        })).ToArray();
        try
        {
            await happens(async wanted =>
            {
                var from = Count();
                await Eventually.TrueAsync(() => Task.FromResult(Any(from, wanted)), () => $"an answer that is none of {string.Join(", ", Last())}\n{_gateway.Error}");
            });
        }
        finally
        {
            await enough.CancelAsync();
        }
        await Task.WhenAll(callers);
        return answers;

        int Count() { lock (answers) { return answers.Count; } }
        bool Any(int from, Func<(HttpStatusCode, string), bool> wanted) { lock (answers) { return answers.Skip(from).Any(wanted); } }
        string[] Last() { lock (answers) { return [.. answers.TakeLast(3).Select(answer => $"{answer.Status} {answer.Body.Trim()}")]; } }
    }
}
