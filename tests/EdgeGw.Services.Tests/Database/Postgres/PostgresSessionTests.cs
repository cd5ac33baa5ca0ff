using System.Globalization;

namespace EdgeGw.Services.Tests.Database.Postgres;

/// <summary>What a service does with its sessions on the server, seen from the server.</summary>
[TestFixture]
internal sealed class PostgresSessionTests
{
    private const int PoolSize = 4;

    private readonly TemporaryFolder _state = new();
    private PostgresServer _server = null!;
    private ServiceHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await PostgresServer.StartAsync();
        _host = new ServiceHost(PostgresSetup.Config(_server, PoolSize), _state.Root);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        await Eventually.TrueAsync(async () => await _server.SessionsAsync() == 0, () => "no session is left after the service's end");
        await _server.DisposeAsync();
        _state.Dispose();
    }

    [Test]
    public async Task A_request_that_ends_inside_a_transaction_leaves_no_session_and_no_rows_behind()
    {
        await RunAsync("create table unfinished (id int)");
        for (var i = 0; i < 40; i++)
        {
            using var request = _host.Open();
            var transaction = (await request.Database.BeginAsync()).Open;
            Assert.That((await request.Database.ExecuteInAsync(transaction, "insert into unfinished values (1)")).Result, Is.EqualTo(AbiResult.Ok));
            if (i % 2 == 0)
            {
                await request.Database.QueryPageAsync(transaction, 10, "select * from generate_series(1, 100000)");
            }
        }
        await AssertCalmAsync();
        Assert.That(await _server.SqlAsync("select count(*) from unfinished"), Is.EqualTo("0"));
    }

    [Test]
    public async Task A_request_that_ends_while_its_statement_runs_ends_it_on_the_server()
    {
        using (var request = _host.Open())
        {
            _ = request.Database.QueryAsync("select pg_sleep(600)");
            await RunsAsync("pg_sleep(600)");
        }
        await AssertCalmAsync();
    }

    [Test]
    public async Task A_cancelled_statement_ends_on_the_server_and_its_session_goes_on()
    {
        using var request = _host.Open();
        var call = request.Database.QueryAsync("select pg_sleep(601)");
        await RunsAsync("pg_sleep(601)");
        request.Cancel();
        Assert.That((await call).Result, Is.EqualTo(AbiResult.Cancelled));
        await AssertCalmAsync();
        await RunAsync("select 1");
    }

    [Test]
    public async Task A_call_past_its_time_ends_on_the_server()
    {
        _host.Use(PostgresSetup.Config(_server, PoolSize) with { TimeoutMs = 300 });
        using (var request = _host.Open())
        {
            Assert.That((await request.Database.QueryAsync("select pg_sleep(602)")).Result, Is.EqualTo(AbiResult.TimedOut));
            await AssertCalmAsync();
        }
        _host.Use(PostgresSetup.Config(_server, PoolSize));
    }

    [Test]
    public async Task What_a_statement_leaves_in_its_session_is_gone_for_the_next_one()
    {
        for (var i = 0; i < 2 * PoolSize; i++)
        {
            await RunAsync("set application_name = 'left'");
            await RunAsync("select pg_advisory_lock(7), set_config('edgegw.trace', 'left', false)");
            await RunAsync("create temp table left_over (id int)");
        }
        Assert.That((await RunAsync("select current_setting('application_name'), coalesce(current_setting('edgegw.trace', true), '')")).Table[0], Is.EqualTo(new[] { "Text edgegw", "Text " }));
        await Eventually.TrueAsync(async () => await _server.SqlAsync("select count(*) from pg_locks where locktype = 'advisory'") == "0", () => "no advisory lock is left");
    }

    [TestCase("begin")]
    [TestCase(" /* x */ -- y\n COMMIT")]
    [TestCase("/* a /* comment */ in another */ commit")]
    [TestCase(";; start/**/transaction read only")]
    [TestCase("ROLLBACK WORK")]
    [TestCase("commit prepared 'x'")]
    [TestCase("rollback")]
    [TestCase("prepare transaction 'x'")]
    public async Task Transactions_are_not_for_sql(string sql)
    {
        using var request = _host.Open();
        Assert.That((await request.Database.ExecuteAsync(sql)).Code, Is.EqualTo("2D000"));
    }

    [Test]
    public async Task A_long_beginning_of_comments_is_read_once()
    {
        using var request = _host.Open();
        var comments = string.Concat(Enumerable.Repeat("/* a */ -- b\n;", 20_000));
        Assert.That((await request.Database.ExecuteAsync(comments + "commit")).Code, Is.EqualTo("2D000"));
        Assert.That((await request.Database.ExecuteAsync(comments + "/* not closed ")).Code, Is.EqualTo("42601"));
    }

    [Test]
    public async Task A_commit_that_the_server_turns_into_a_rollback_is_told()
    {
        await RunAsync("create table half (id int unique deferrable initially deferred)");
        using var request = _host.Open();
        var failed = (await request.Database.BeginAsync()).Open;
        Assert.That((await request.Database.ExecuteInAsync(failed, "insert into half values (1)")).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.ExecuteInAsync(failed, "select 1/0")).Code, Is.EqualTo("22012"));
        Assert.That((await request.Database.ExecuteInAsync(failed, "select 1")).Code, Is.EqualTo("25P02"));
        var commit = await request.Database.CommitAsync(failed);
        Assert.That((commit.Result, commit.Code), Is.EqualTo((AbiResult.Refused, "25P02")));
        var late = (await request.Database.BeginAsync()).Open;
        Assert.That((await request.Database.ExecuteInAsync(late, "insert into half values (2), (2)")).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.CommitAsync(late)).Code, Is.EqualTo("23505"));
        Assert.That((await request.Database.QueryAsync("insert into half values (3), (3) returning id")).Code, Is.EqualTo("23505"));
        Assert.That(await _server.SqlAsync("select count(*) from half"), Is.EqualTo("0"));
        await AssertCalmAsync();
    }

    [Test]
    public async Task A_query_that_fails_among_its_rows_fails_its_transaction()
    {
        using var request = _host.Open();
        var transaction = (await request.Database.BeginAsync()).Open;
        var page = await request.Database.QueryPageAsync(transaction, 10, "select 1 / (5000 - generate_series(1, 10000))");
        while (page.Open != 0)
        {
            page = await request.Database.NextAsync(page.Open);
        }
        Assert.That(page.Code, Is.EqualTo("22012"));
        Assert.That((await request.Database.CommitAsync(transaction)).Code, Is.EqualTo("25P02"));
    }

    [Test]
    public async Task A_failure_is_mended_by_going_back_to_a_savepoint()
    {
        using var request = _host.Open();
        var transaction = (await request.Database.BeginAsync()).Open;
        await request.Database.ExecuteInAsync(transaction, "savepoint a");
        Assert.That((await request.Database.ExecuteInAsync(transaction, "select 1/0")).Code, Is.EqualTo("22012"));
        Assert.That((await request.Database.ExecuteInAsync(transaction, "rollback to a")).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public async Task Two_serializable_transactions_that_cross_end_with_40001()
    {
        await RunAsync("create table crossing (id int, n int)");
        await RunAsync("insert into crossing values (1, 0), (2, 0)");
        using var request = _host.Open();
        var one = (await request.Database.BeginAsync(AbiIsolation.Serializable)).Open;
        var other = (await request.Database.BeginAsync(AbiIsolation.Serializable)).Open;
        await request.Database.QueryPageAsync(one, 0, "select sum(n) from crossing");
        await request.Database.QueryPageAsync(other, 0, "select sum(n) from crossing");
        await request.Database.ExecuteInAsync(one, "update crossing set n = 1 where id = 1");
        await request.Database.ExecuteInAsync(other, "update crossing set n = 1 where id = 2");
        Assert.That((await request.Database.CommitAsync(one)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.CommitAsync(other)).Code, Is.EqualTo("40001"));
    }

    [Test]
    public async Task Isolation_and_read_only_are_the_servers()
    {
        using var request = _host.Open();
        var transaction = (await request.Database.BeginAsync(AbiIsolation.RepeatableRead, AbiTransactionFlags.ReadOnly)).Open;
        var settings = await request.Database.QueryPageAsync(transaction, 0, "select current_setting('transaction_isolation'), current_setting('transaction_read_only')");
        Assert.That(settings.Table[0], Is.EqualTo(new[] { "Text repeatable read", "Text on" }));
        Assert.That((await request.Database.ExecuteInAsync(transaction, "create table no (id int)")).Code, Is.EqualTo("25006"));
    }

    [Test]
    public async Task A_cursor_closed_early_leaves_its_transaction_usable()
    {
        using var request = _host.Open();
        var transaction = (await request.Database.BeginAsync()).Open;
        var page = await request.Database.QueryPageAsync(transaction, 10, "select * from generate_series(1, 200000)");
        Assert.That((await request.Database.CloseAsync(page.Open)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.QueryPageAsync(transaction, 0, "select 5")).Values[0].Integer, Is.EqualTo(5));
        Assert.That((await request.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public async Task A_cursor_closed_early_ends_its_statement_on_the_server()
    {
        using var request = _host.Open();
        var page = await request.Database.QueryPageAsync(0, 10, "select generate_series(1, 200000000)");
        Assert.That((await request.Database.CloseAsync(page.Open)).Result, Is.EqualTo(AbiResult.Ok));
        await AssertCalmAsync();
    }

    [Test]
    public async Task A_million_rows_stream_in_bounded_memory()
    {
        using var request = _host.Open();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = 0L;
        var (rows, sum) = (0ul, 0L);
        var reply = await request.Database.QueryPageAsync(0, 0, "select i, 'row ' || i as text, i / 2.0::float8 from generate_series(1, 1000000) i");
        while (true)
        {
            rows += reply.Rows;
            sum += reply.Values.Where(value => value.Kind == AbiValueKind.Int64).Sum(value => value.Integer);
            if (reply.Open == 0)
            {
                break;
            }
            reply = await request.Database.NextAsync(reply.Open);
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        Assert.That((rows, sum), Is.EqualTo((1_000_000ul, 500_000_500_000L)));
        TestContext.Out.WriteLine($"managed memory grew by {most / 1024} KiB at most");
        Assert.That(most, Is.LessThan(32 << 20));
    }

    [Test]
    public async Task Text_that_is_no_utf8_is_refused_by_the_server_and_its_session_goes_on()
    {
        await _server.SqlAsync("create database ascii encoding 'SQL_ASCII' template template0 locale 'C'");
        _host.Use(PostgresSetup.Config(_server, PoolSize, ("database", "ascii")));
        using (var request = _host.Open())
        {
            Assert.That((await request.Database.QueryAsync("select convert_from('\\xc328', 'SQL_ASCII')")).Code, Is.EqualTo("22021"));
        }
        await RunAsync("select 1");
        _host.Use(PostgresSetup.Config(_server, PoolSize));
    }

    [Test]
    public async Task A_session_that_somebody_ends_costs_its_own_caller_an_error_and_nobody_else()
    {
        using var request = _host.Open();
        var victim = request.Database.QueryAsync("select pg_sleep(603)");
        await RunsAsync("pg_sleep(603)");
        await _server.SqlAsync("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(603)%' and application_name = 'edgegw'");
        var reply = await victim;
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Unavailable, "57P01")));
        Assert.That((await request.Database.QueryAsync("select 1")).Result, Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public async Task Ten_thousand_calls_at_once_share_the_sessions()
    {
        _host.Use(PostgresSetup.Config(_server, PoolSize) with { QueueLength = 10_000, TimeoutMs = 60_000 });
        var requests = Enumerable.Range(0, 100).Select(_ => _host.Open()).ToList();
        var replies = await Task.WhenAll(requests.SelectMany((request, i) => Enumerable.Range(0, 100).Select(j => request.Database.QueryAsync("select $1 + 0", (i * 100) + j))));
        requests.ForEach(request => request.Dispose());
        Assert.That(replies.Select(reply => reply.Values.Single().Integer), Is.EqualTo(Enumerable.Range(0, 10_000)));
        Assert.That(await _server.SessionsAsync(), Is.LessThanOrEqualTo(PoolSize));
        _host.Use(PostgresSetup.Config(_server, PoolSize));
    }

    private async Task<Reply> RunAsync(string sql)
    {
        using var request = _host.Open();
        var reply = await request.Database.QueryAsync(sql);
        Assert.That(reply.Result, Is.EqualTo(AbiResult.Ok), reply.ToString());
        return reply;
    }

    private Task RunsAsync(string part) => Eventually.TrueAsync(
        async () => int.Parse(await _server.SqlAsync($"select count(*) from pg_stat_activity where state = 'active' and application_name = 'edgegw' and query like '%{part}%'"), CultureInfo.InvariantCulture) == 1,
        () => $"{part} runs on the server");

    // All sessions idle, none in a transaction, and no more of them than the service may have.
    private Task AssertCalmAsync()
    {
        var seen = "";
        return Eventually.TrueAsync(
            async () => (seen = await _server.SqlAsync($"select count(*) filter (where state <> 'idle') || ' busy ' || (count(*) <= {PoolSize}) from pg_stat_activity where application_name = 'edgegw'"))
                == "0 busy true",
            () => $"the sessions are idle, not {seen}");
    }
}
