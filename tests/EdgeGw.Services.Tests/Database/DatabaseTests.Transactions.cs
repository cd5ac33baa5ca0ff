namespace EdgeGw.Services.Tests.Database;

/// <summary>Transactions: all or nothing, whatever ends them.</summary>
internal abstract partial class DatabaseTests
{
    [Test]
    public async Task A_committed_transaction_stays_and_others_see_it_only_then()
    {
        var table = await TableAsync("id bigint");
        using var request = Host.Open();
        var transaction = await BeginAsync(request);
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values ($1)", 1)).Affected, Is.EqualTo(1));
        Assert.That((await request.Database.QueryPageAsync(transaction, 0, $"select count(*) from {table}")).Values[0].Integer, Is.EqualTo(1));
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
        Assert.That((await request.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 1"));
        Assert.That((await request.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.InvalidState));
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (2)")).Result, Is.EqualTo(AbiResult.InvalidState));
    }

    [Test]
    public async Task Closing_rolls_back()
    {
        var table = await TableAsync("id bigint");
        using var request = Host.Open();
        var transaction = await BeginAsync(request);
        await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)");
        Assert.That((await request.Database.CloseAsync(transaction)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [Test]
    public async Task The_end_of_a_request_rolls_back_and_gives_the_connection_back()
    {
        var table = await TableAsync("id bigint");
        // More than there are connections: each must come back.
        for (var i = 0; i < Config.PoolSize * 3; i++)
        {
            using var request = Host.Open();
            var transaction = await BeginAsync(request);
            Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)")).Result, Is.EqualTo(AbiResult.Ok));
        }
        await IdleAsync();
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [Test]
    public async Task The_end_of_a_request_ends_the_statement_that_its_transaction_is_in()
    {
        using (var request = Host.Open())
        {
            var transaction = await BeginAsync(request);
            _ = request.Database.QueryPageAsync(transaction, 0, EndlessQuery);
        }
        await IdleAsync();
        Assert.That(await OneAsync("select 1"), Is.EqualTo("Int64 1"));
    }

    [Test]
    public async Task A_late_statement_fails_its_transaction()
    {
        var table = await TableAsync("id bigint");
        Host.Use(Config with { TimeoutMs = 2_000 }); // nothing but the endless statement may be late
        try
        {
            using var request = Host.Open();
            var transaction = await BeginAsync(request);
            await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)");
            Assert.That((await request.Database.QueryPageAsync(transaction, 0, EndlessQuery)).Result, Is.EqualTo(AbiResult.TimedOut));
            var reply = default(Reply);
            await Eventually.TrueAsync(async () => (reply = await request.Database.CommitAsync(transaction)).Result != AbiResult.Busy, () => "the statement to end");
            Assert.That(reply!.Result, Is.Not.EqualTo(AbiResult.Ok), reply.ToString());
        }
        finally
        {
            Host.Use(Config);
        }
        await IdleAsync();
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [Test]
    public async Task After_a_failed_statement_a_transaction_can_only_be_rolled_back()
    {
        var table = await TableAsync("id bigint primary key");
        using var request = Host.Open();
        var transaction = await BeginAsync(request);
        await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)");
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)")).Code, Is.EqualTo("23505"));
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (2)")).Code, Is.EqualTo("25P02"));
        var commit = await request.Database.CommitAsync(transaction);
        Assert.That((commit.Result, commit.Code), Is.EqualTo((AbiResult.Refused, "25P02")), commit.ToString());
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [Test]
    public async Task A_savepoint_saves_a_transaction_from_a_failed_statement()
    {
        var table = await TableAsync("id bigint primary key");
        using var request = Host.Open();
        var transaction = await BeginAsync(request);
        foreach (var sql in (string[])[$"insert into {table} values (1)", "savepoint s", $"insert into {table} values (2)"])
        {
            Assert.That((await request.Database.ExecuteInAsync(transaction, sql)).Result, Is.EqualTo(AbiResult.Ok));
        }
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)")).Code, Is.EqualTo("23505"));
        Assert.That((await request.Database.ExecuteInAsync(transaction, "rollback to s")).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (3)")).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await RunAsync($"select id from {table} order by id")).Values.Select(value => value.Integer), Is.EqualTo(new[] { 1, 3 }));
    }

    [Test]
    public async Task A_read_only_transaction_reads_and_refuses_to_write()
    {
        var table = await TableAsync("id bigint");
        using var request = Host.Open();
        var transaction = (await request.Database.BeginAsync(AbiIsolation.RepeatableRead, AbiTransactionFlags.ReadOnly)).Open;
        Assert.That((await request.Database.QueryPageAsync(transaction, 0, $"select count(*) from {table}")).Values[0].Integer, Is.Zero);
        // Neither waits for the other, and what was read stays so.
        await RunAsync($"insert into {table} values (1)");
        Assert.That((await request.Database.QueryPageAsync(transaction, 0, $"select count(*) from {table}")).Values[0].Integer, Is.Zero);
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)")).Code, Is.EqualTo("25006"));
    }

    [TestCase(AbiIsolation.ReadCommitted)]
    [TestCase(AbiIsolation.RepeatableRead)]
    [TestCase(AbiIsolation.Serializable)]
    public async Task Every_isolation_commits(AbiIsolation isolation)
    {
        var table = await TableAsync("id bigint");
        using var request = Host.Open();
        var transaction = (await request.Database.BeginAsync(isolation)).Open;
        await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)");
        Assert.That((await request.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 1"));
    }

    [Test]
    public async Task A_batch_in_a_transaction_is_part_of_it()
    {
        var table = await TableAsync("id bigint");
        using var request = Host.Open();
        var transaction = await BeginAsync(request);
        var reply = await request.Database.BatchAsync(transaction, ($"insert into {table} values (1)", []), ($"insert into {table} values ($1)", [2]));
        Assert.That(reply.Values.Select(value => value.Integer), Is.EqualTo(new[] { 1, 1 }), reply.ToString());
        await request.Database.CloseAsync(transaction);
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [Test]
    public async Task One_transaction_has_one_call_at_a_time()
    {
        using var request = Host.Open();
        var transaction = await BeginAsync(request);
        _ = request.Database.QueryPageAsync(transaction, 0, EndlessQuery);
        Assert.That((await request.Database.QueryPageAsync(transaction, 0, "select 1")).Result, Is.EqualTo(AbiResult.Busy));
    }

    [Test]
    public async Task Another_requests_transaction_cannot_be_used()
    {
        using var request = Host.Open();
        using var other = Host.Open();
        var transaction = await BeginAsync(request);
        Assert.That((await other.Database.QueryPageAsync(transaction, 0, "select 1")).Result, Is.EqualTo(AbiResult.InvalidState));
        Assert.That((await other.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.InvalidState));
    }

    [Test]
    public async Task Transactions_of_many_requests_lose_nothing()
    {
        var table = await TableAsync("total bigint");
        await RunAsync($"insert into {table} values (0)");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var request = Host.Open();
            var transaction = await BeginAsync(request);
            await request.Database.ExecuteInAsync(transaction, $"update {table} set total = total + $1", 1);
            var commit = await request.Database.CommitAsync(transaction);
            Assert.That(commit.Result, Is.EqualTo(AbiResult.Ok), commit.ToString());
        }));
        Assert.That(await OneAsync($"select total from {table}"), Is.EqualTo("Int64 100"));
    }

    protected static async Task<ulong> BeginAsync(ServiceRequest request)
    {
        var reply = await request.Database.BeginAsync();
        Assert.That(reply.Result, Is.EqualTo(AbiResult.Ok), reply.ToString());
        return reply.Open;
    }
}
