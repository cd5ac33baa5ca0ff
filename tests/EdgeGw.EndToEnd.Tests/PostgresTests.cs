namespace EdgeGw.EndToEnd.Tests;

/// <summary>A handler in C on PostgreSQL, through the published gateway.</summary>
public sealed class PostgresTests() : OneGateway()
{
    private PostgresServer? _server;

    private PostgresServer Server => _server!;

    [OneTimeSetUp]
    public async Task PrepareAsync()
    {
        _server = await PostgresServer.StartAsync();
        await Server.SqlAsync("create table pets (id bigint primary key, name text not null)");
        var added = await Gateway.Cli.RunAsync("service", "add", "database:main", "--provider", "postgres", "--set", "host=127.0.0.1", "--set", $"port={Server.Port}",
            "--set", $"database={PostgresServer.User}", "--set", $"user={PostgresServer.User}", "--set", $"password=file:{Server.PasswordFile}");
        Assert.That(added.ExitCode, Is.Zero, added.ToString());
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

    [Test]
    public async Task Rows_are_written_and_read()
    {
        Assert.That((await Client.PostAsync("/pets/1", null)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await TextAsync("/pets/1"), Is.EqualTo("pet 1"));
        Assert.That((await Client.GetAsync("/pets/2")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        using var again = await Client.PostAsync("/pets/1", null);
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await again.Content.ReadAsStringAsync(), Does.StartWith("23505 The database refused the statement: duplicate key"));
    }

    [Test]
    public async Task Values_of_every_kind_go_both_ways() =>
        Assert.That(await TextAsync("/kinds"), Is.EqualTo("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14(14(2,0),14(2,0)) " + string.Concat(Enumerable.Range(1, 13).Select(kind => $"14({kind},0) "))));

    [TestCase("/broken", HttpStatusCode.InternalServerError)]
    [TestCase("/late", HttpStatusCode.GatewayTimeout)]
    public async Task A_handler_that_fails_or_is_late_inside_a_transaction_leaves_no_row_and_no_session_in_it(string path, HttpStatusCode status)
    {
        // More than the pool has, in two rows: a session that was not given back would be missed.
        for (var i = 0; i < 2; i++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Client.PostAsync(path, null)));
            Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(status));
        }
        await Eventually.TrueAsync(async () => await Server.SqlAsync("select count(*) from pg_stat_activity where application_name = 'edgegw' and state <> 'idle'") == "0", () => "no transaction is open");
        Assert.That(await Server.SqlAsync("select count(*) from pets where name = 'held'"), Is.EqualTo("0"));
        var reads = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Client.GetAsync("/pets/4")));
        Assert.That(reads.Select(read => read.StatusCode), Is.All.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Server.SessionsAsync(), Is.InRange(1, 17), "sessions");
    }

    [Test]
    public async Task A_worker_that_dies_inside_a_transaction_leaves_no_row_and_no_session()
    {
        // Not by HttpClient, which would send the request again.
        var held = RawConnection.ExchangeAsync(Gateway.Address, "POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await Eventually.TrueAsync(async () => await Server.SqlAsync("select count(*) from pg_stat_activity where state = 'idle in transaction' and query like 'insert into pets%'") == "1", () => "the transaction is open");
        var pids = await Server.SqlAsync("select string_agg(pid::text, ',') from pg_stat_activity where application_name = 'edgegw'");
        Gateway.Kill(await Gateway.WorkerPidAsync());
        await held.ContinueWith(answer => Assert.That(answer.IsFaulted || answer.Result.Length == 0, "no answer comes"), TaskScheduler.Default);
        await Eventually.TrueAsync(async () => await Server.SqlAsync($"select count(*) from pg_stat_activity where pid in ({pids})") == "0", () => "the dead worker's sessions have ended");
        Assert.That(await Server.SqlAsync("select count(*) from pets where name = 'held'"), Is.EqualTo("0"));
        await Eventually.TrueAsync(async () => (await Client.PostAsync("/pets/300", null)).StatusCode == HttpStatusCode.OK, () => "the next worker serves");
    }
}
