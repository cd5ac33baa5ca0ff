namespace EdgeGw.EndToEnd.Tests;

/// <summary>Many calls of a database at once, while they cannot be answered, while handlers are replaced, and while the service is changed. The table is locked from outside, so that calls
/// wait exactly as long as a test wants.</summary>
[NonParallelizable]
public sealed class DatabaseLoadTests() : OneGateway()
{
    private const int Pool = 16;
    private const int Many = 10_000;

    private PostgresServer? _server;

    protected override GatewayOptions Options { get; } = new() { Arguments = ["--set", "Limits:Concurrency=20000", "--set", "Limits:RouteConcurrency=20000", "--set", "Limits:DeadlineMs=100000"] };

    private PostgresServer Server => _server!;

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        _server = await PostgresServer.StartAsync();
        await Server.SqlAsync("create table pets (id bigint primary key, name text not null); insert into pets values (1, 'one')");
        await UseAsync();
        await Gateway.DeployAsync(Repository.Fixture("pets"));
    }

    [OneTimeTearDown]
    public async Task StopServerAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [TestCase(Many, Many)]
    [TestCase(2000, 1000)]
    public async Task Of_many_calls_at_once_those_that_have_room_wait_and_the_others_are_turned_away_in_a_sentence(int calls, int queue)
    {
        await UseAsync("--queue", $"{queue}", "--timeout", "100s");
        var busy = Math.Max(0, calls - queue - Pool);
        using var client = Http.Http2(Gateway.Address);
        client.Timeout = Command.Patience;
        var answers = await WhileLockedAsync(async () =>
        {
            var made = Enumerable.Range(0, calls).Select(_ => GetAsync(client)).ToArray();
            await Eventually.TrueAsync(async () => made.Count(call => call.IsCompleted) == busy && await WaitingAsync() == calls - busy, () => "every call is in its place");
            return made;
        });
        Assert.That(answers.Count(answer => answer == new Answer(HttpStatusCode.OK, "one")), Is.EqualTo(calls - busy));
        Assert.That(answers.Where(answer => answer.Status != HttpStatusCode.OK).Select(answer => answer.Text), Has.Exactly(busy).Contains("\"status\":503,\"detail\":\"The handler is busy.\""));
    }

    [Test]
    public async Task Two_versions_of_a_handler_share_the_service_while_the_old_one_drains()
    {
        await UseAsync("--timeout", "60s");
        var answers = await WhileLockedAsync(async () =>
        {
            var old = Enumerable.Range(0, 100).Select(_ => GetAsync(Client)).ToArray();
            await Eventually.TrueAsync(async () => await WaitingAsync() == 100, () => "the old version's calls wait");
            await Gateway.DeployAsync(await AnotherAsync());
            var all = old.Concat(Enumerable.Range(0, 100).Select(_ => GetAsync(Client))).ToArray();
            await Eventually.TrueAsync(async () => await WaitingAsync() == 200, () => "both versions' calls wait");
            Assert.That((await VersionsAsync()).Where(version => version.InFlight > 0), Is.EquivalentTo(new[] { ("draining", 100), ("live", 100) }));
            return all;
        });
        Assert.That(answers, Is.All.EqualTo(new Answer(HttpStatusCode.OK, "one")));
        await Eventually.TrueAsync(async () => (await VersionsAsync()).All(version => version.State != "draining"), () => "the old version has drained");
    }

    [Test]
    public async Task A_service_is_changed_under_load_without_a_failed_request_and_its_sessions_end()
    {
        await UseAsync();
        using var done = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            var failed = new List<Answer>();
            var count = 0;
            for (; !done.IsCancellationRequested; count++)
            {
                var answer = await GetAsync(Client);
                if (answer != new Answer(HttpStatusCode.OK, "one"))
                {
                    failed.Add(answer);
                }
            }
            return (count, failed);
        })).ToArray();
        for (var change = 1; change <= 20; change++)
        {
            await UseAsync("--pool", $"{change % 4 + 1}", "--set", $"applicationName=change{change}");
        }
        await done.CancelAsync();
        var seen = await Task.WhenAll(callers);
        TestContext.Out.WriteLine($"20 changes during {seen.Sum(caller => caller.count)} requests");
        Assert.That(seen.SelectMany(caller => caller.failed), Is.Empty);
        await Eventually.TrueAsync(
            async () => await Server.SqlAsync("select string_agg(distinct application_name, ',') from pg_stat_activity where backend_type = 'client backend' and application_name <> 'test'") == "change20",
            () => "the sessions of the configurations before have ended");
    }

    private async Task UseAsync(params string[] more)
    {
        var added = await Gateway.Cli.RunAsync(["service", "add", "database:main", "--provider", "postgres", "--set", "host=127.0.0.1", "--set", $"port={Server.Port}",
            "--set", $"database={PostgresServer.User}", "--set", $"user={PostgresServer.User}", "--set", $"password=file:{Server.PasswordFile}", .. more]);
        Assert.That(added.ExitCode, Is.Zero, added.ToString());
    }

    // Answers of the calls that are made while nobody can read the table.
    private async Task<Answer[]> WhileLockedAsync(Func<Task<Task<Answer>[]>> callAsync)
    {
        var locked = Server.SqlAsync("begin; lock table pets in access exclusive mode; select pg_sleep(1000)");
        await Eventually.TrueAsync(async () => await Server.SqlAsync("select count(*) from pg_locks where mode = 'AccessExclusiveLock' and granted and relation = 'pets'::regclass") == "1", () => "the table is locked");
        Task<Answer>[] calls;
        try
        {
            calls = await callAsync();
        }
        finally
        {
            await Server.SqlAsync("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(1000)' and pid <> pg_backend_pid()");
            await locked.ContinueWith(ended => Assert.That(ended.IsFaulted, "it was ended"), TaskScheduler.Default);
        }
        return await Task.WhenAll(calls);
    }

    private static async Task<Answer> GetAsync(HttpClient client)
    {
        using var response = await client.SendAsync(client.Request(HttpMethod.Get, "/pets/1"));
        return new(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    // Calls that have not been answered yet.
    private async Task<int> WaitingAsync()
    {
        using var service = JsonDocument.Parse(await Gateway.Control.GetStringAsync("/api/v1/services/database/main"));
        var health = service.RootElement.GetProperty("health");
        return health.GetProperty("queued").GetInt32() + health.GetProperty("running").GetInt32();
    }

    private async Task<(string State, int InFlight)[]> VersionsAsync() =>
        [.. (await Gateway.StatusAsync()).GetProperty("versions").EnumerateArray().Select(version => (version.GetProperty("state").GetString()!, version.GetProperty("inFlight").GetInt32()))];

    // The same code under other bytes is another version.
    private async Task<string> AnotherAsync()
    {
        var copy = Path.Combine(Path.GetDirectoryName(Gateway.State)!, "pets.so");
        await File.WriteAllBytesAsync(copy, [.. await File.ReadAllBytesAsync(Repository.Fixture("pets")), (byte)'2']);
        return copy;
    }

    private sealed record Answer(HttpStatusCode Status, string Text);
}
