using System.Globalization;
using EdgeGw.Abi;

namespace EdgeGw.Tests;

public class DatabaseTests
{
    private static readonly string[] Columns = ["id", "name", "born_on", "weight_kg"];

    private FakeGateway _gateway = null!;

    private FakeDatabase Database => _gateway.Database("main");

    [SetUp]
    public void Load() => _gateway = FakeGateway.For(typeof(Scripted));

    [Test]
    public async Task A_statement_and_its_parameters_arrive_and_the_count_comes_back()
    {
        Database.When("INSERT", FakeResult.Changed(2));
        Assert.That(await _gateway.RunAsync(c => c.Database("main").ExecuteAsync("INSERT INTO pets VALUES ($1, $2, $3)", 1, "Rex'; DROP TABLE pets;--", DbValue.Null)), Is.EqualTo(2));
        var statement = Database.Statements.Single();
        Assert.That(statement.Sql, Is.EqualTo("INSERT INTO pets VALUES ($1, $2, $3)"));
        Assert.That(statement.Parameters, Is.EqualTo(new object?[] { 1L, "Rex'; DROP TABLE pets;--", null }));
    }

    [Test]
    public async Task Rows_are_read_by_number_and_by_name_after_the_call()
    {
        Database.PageRows = 2;
        Database.When("SELECT", FakeResult.Of(Columns, [.. Enumerable.Range(0, 5).Select(i => new object?[] { i, $"pet {i}", null, 1.5m })]));
        var rows = await _gateway.RunAsync(c => c.Database("main").QueryAsync("SELECT * FROM pets"));
        Assert.That(rows.Columns, Is.EqualTo(Columns));
        Assert.That(rows.Select(r => r.GetInt64(0)), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        Assert.That(rows.Select(r => r.GetString("NAME")), Is.EqualTo(new[] { "pet 0", "pet 1", "pet 2", "pet 3", "pet 4" }));
        Assert.That((rows[4].GetDecimal("WeightKg"), rows[4].IsNull("bornOn"), rows.Count), Is.EqualTo((1.5m, true, 5)));
        Assert.That(() => rows[5], Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(Database.Calls, Is.EqualTo(new[] { "query", "next", "next" }));
    }

    [Test]
    public async Task Rows_become_records_by_the_names_of_their_members()
    {
        Database.PageRows = 2;
        Database.When("SELECT", FakeResult.Of(["weight_kg", "id", "BornOn", "extra", "name"],
            [.. Enumerable.Range(0, 3).Select(i => new object?[] { 2.5m, i, new DateOnly(2020, 1, 1 + i), "x", "Rex" })]));
        var pets = await _gateway.RunAsync(c => c.Database("main").QueryAsync<PetRow>("SELECT"));
        Assert.That(pets, Is.EqualTo(Enumerable.Range(0, 3).Select(i => new PetRow(i, "Rex", new DateOnly(2020, 1, 1 + i), 2.5m))));
        var settable = await _gateway.RunAsync(c => c.Database("main").QueryOneAsync<Outer.Settable>("SELECT"));
        Assert.That((settable.Id, settable.Name), Is.EqualTo((0, "Rex")));
    }

    [Test]
    public async Task One_row_is_the_first_or_none_and_no_cursor_stays_open()
    {
        Database.When("SELECT", s => FakeResult.Of(Columns, [.. Enumerable.Range(0, (int)(long)s.Parameters[0]!).Select(i => new object?[] { i, "Rex", null, null })]));
        Assert.That(await _gateway.RunAsync(c => c.Database("main").QueryOneAsync<PetRow>("SELECT", 0)), Is.Null);
        Assert.That(await _gateway.RunAsync(c => c.Database("main").QueryOneAsync<PetRow>("SELECT", 9)), Is.EqualTo(new PetRow(0, "Rex", null)));
        Assert.That((await _gateway.RunAsync(c => c.Database("main").QueryOneAsync("SELECT", 0))).HasValue, Is.False);
        Assert.That((await _gateway.RunAsync(c => c.Database("main").QueryOneAsync("SELECT", 9)))!.Value.GetString("name"), Is.EqualTo("Rex"));
        Assert.That(Database.Calls.Count(c => c == "close"), Is.EqualTo(2));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_result_is_streamed_page_by_page(bool atOnce)
    {
        const int Count = 10_000;
        _gateway = FakeGateway.For(typeof(Scripted), new FakeGatewayOptions { ReplyAtOnce = atOnce });
        Database.When("SELECT", FakeResult.Of(Columns, Enumerable.Range(0, Count).Select(i => new object?[] { i, $"pet {i}", null, null })));
        var (sum, names) = await _gateway.RunAsync(async c =>
        {
            var (sum, names) = (0L, 0);
            await foreach (var pet in c.Database("main").StreamAsync<PetRow>("SELECT"))
                sum += pet.Id;
            await foreach (var row in c.Database("main").StreamAsync("SELECT"))
                names += row.GetString(1) == "pet " + row.GetInt64(0).ToString(CultureInfo.InvariantCulture) ? 1 : 0;
            return (sum, names);
        });
        Assert.That((sum, names), Is.EqualTo((Count * (Count - 1L) / 2, Count)));
    }

    [Test]
    public async Task A_streamed_row_is_gone_when_the_next_page_is_there_and_who_stops_early_closes_the_cursor()
    {
        Database.PageRows = 1;
        Database.When("SELECT", FakeResult.Of(Columns, [.. Enumerable.Range(0, 5).Select(i => new object?[] { i, "Rex", null, null })]));
        var failure = await _gateway.FailureAsync(async c =>
        {
            Row? first = null;
            await foreach (var row in c.Database("main").StreamAsync("SELECT"))
            {
                first ??= row;
                if (row.GetInt64(0) == 2)
                    break;
            }
            _ = first!.Value.GetInt64(0);
        });
        Assert.That(failure.Message, Does.StartWith("This row is gone"));
        Assert.That(Database.Calls, Is.EqualTo(new[] { "query", "next", "next", "close" }));
    }

    [Test]
    public async Task A_result_too_large_to_keep_is_refused_with_what_to_do()
    {
        Database.PageRows = 1000;
        Database.When("SELECT", FakeResult.Of(Columns, Enumerable.Range(0, 1_000_000).Select(i => new object?[] { i, "Rex", null, null })));
        var failure = await _gateway.FailureAsync(async c => await c.Database("main").QueryAsync<PetRow>("SELECT"));
        Assert.That(failure.Message, Is.EqualTo("A result of the database 'main' has more than 100000 rows: read it with StreamAsync, or raise ServiceLimits.QueryRows at startup."));
        Assert.That(Database.Calls.Last(), Is.EqualTo("close"));
    }

    [Test]
    public async Task A_transaction_takes_effect_when_it_is_committed()
    {
        Database.When("UPDATE", FakeResult.Changed(1));
        await _gateway.RunAsync(async c =>
        {
            await using var transaction = await c.Database("main").BeginAsync(Isolation.Serializable, readOnly: true);
            await transaction.ExecuteAsync("UPDATE pets SET name = $1", "Rex");
            await transaction.CommitAsync();
        });
        Assert.That(Database.Events, Is.EqualTo(new[] { "begin Serializable ReadOnly", "commit" }));
        Assert.That(Database.Statements.Single().InTransaction, Is.True);
    }

    [Test]
    public async Task A_transaction_that_nobody_commits_is_rolled_back()
    {
        await _gateway.FailureAsync(async c =>
        {
            await using var transaction = await c.Database("main").BeginAsync();
            await transaction.ExecuteAsync("nobody knows this");
        });
        await _gateway.RunAsync(async c => _ = await c.Database("main").BeginAsync()); // and left to the end of the request
        await _gateway.RunAsync(async c =>
        {
            var transaction = await c.Database("main").BeginAsync();
            await transaction.RollbackAsync();
            await transaction.DisposeAsync();
        });
        Assert.That(Database.Events, Is.EqualTo(new[] { "begin", "rollback", "begin", "rollback", "begin", "rollback" }));
    }

    [Test]
    public async Task A_transaction_is_over_after_its_end_and_after_its_request()
    {
        Transaction kept = null!;
        var failure = await _gateway.FailureAsync(async c =>
        {
            kept = await c.Database("main").BeginAsync();
            await kept.CommitAsync();
            await kept.ExecuteAsync("UPDATE");
        });
        Assert.That(failure.Message, Is.EqualTo("This transaction is over."));
        failure = await _gateway.FailureAsync(_ => new ValueTask(kept.ExecuteAsync("UPDATE").AsTask()));
        Assert.That(failure.Message, Is.EqualTo("The request is over, and with it this transaction."));
    }

    [Test]
    public async Task A_transaction_takes_one_call_at_a_time()
    {
        Database.When("UPDATE", FakeResult.Changed(1));
        var gate = new TaskCompletionSource();
        var failure = await _gateway.FailureAsync(async c =>
        {
            await using var transaction = await c.Database("main").BeginAsync();
            Database.Gate = gate.Task;
            var first = transaction.ExecuteAsync("UPDATE");
            try
            {
                await transaction.ExecuteAsync("UPDATE");
            }
            finally
            {
                gate.SetResult();
                await first;
            }
        });
        Assert.That(failure.Message, Does.StartWith("A transaction takes one call at a time"));
    }

    [Test]
    public async Task A_batch_runs_all_statements_and_counts_each()
    {
        Database.When("INSERT", s => FakeResult.Changed((long)s.Parameters[0]!));
        var counts = await _gateway.RunAsync(c => c.Database("main").BatchAsync(new Statement("INSERT $1", 3), new Statement("INSERT $1", 4)));
        Assert.That(counts, Is.EqualTo(new[] { 3L, 4L }));
        Assert.That(await _gateway.RunAsync(c => c.Database("main").BatchAsync()), Is.Empty);
    }

    [Test]
    public async Task A_refused_statement_is_an_exception_with_the_state_and_502_when_nobody_handles_it()
    {
        Database.When("INSERT", FakeResult.Error("duplicate key value violates unique constraint", "23505"));
        var failure = (DatabaseException)await _gateway.FailureAsync(async c => await c.Database("main").ExecuteAsync("INSERT"));
        Assert.That((failure.SqlState, failure.IsUniqueViolation, failure.IsRefused, failure.Message), Is.EqualTo(("23505", true, true, "duplicate key value violates unique constraint")));
        var response = await _gateway.SendAsync(async (c, _) =>
        {
            await c.Database("main").ExecuteAsync("INSERT");
            return Response.Ok();
        });
        Assert.That((response.Status, response.Header("Content-Type"), response.Text.Contains("duplicate", StringComparison.Ordinal)), Is.EqualTo((502, "application/problem+json", false)));
        Assert.That(_gateway.Log.Any(l => l.Message.Contains("duplicate key", StringComparison.Ordinal)), Is.True);
    }

    [Test]
    public async Task A_statement_without_text_or_with_too_many_parameters_is_refused()
    {
        Assert.That(await _gateway.FailureAsync(async c => await c.Database("main").ExecuteAsync(" ")), Is.InstanceOf<ArgumentException>());
        var failure = await _gateway.FailureAsync(async c => await c.Database("main").ExecuteAsync("SELECT", new DbValue[1001]));
        Assert.That((failure.GetType(), failure.Message), Is.EqualTo((typeof(ArgumentException), "The database 'main' does not take this: an argument is out of its range.")));
    }

    [Test]
    public async Task A_record_that_a_row_cannot_become_fails_the_call_and_closes_its_cursor()
    {
        Database.PageRows = 1;
        Database.When("SELECT", FakeResult.Of(Columns, [[1, null, null, null], [2, "Rex", null, null]]));
        var failure = await _gateway.FailureAsync(async c => await c.Database("main").QueryAsync<PetRow>("SELECT"));
        Assert.That(failure.Message, Is.EqualTo("Column 'name' (1) is NULL, and text is asked for: ask IsNull first, or make the member nullable."));
        Assert.That(() => Database.Calls.LastOrDefault(), Is.EqualTo("close").After(5000, 5));
        Database.When("SELECT", FakeResult.Of(["id"], [1]));
        failure = await _gateway.FailureAsync(async c => await c.Database("main").QueryAsync<PetRow>("SELECT"));
        Assert.That(failure.Message, Is.EqualTo("The result has no column 'Name'; it has id."));
    }

    [Test]
    public async Task Many_statements_of_one_request_run_at_once()
    {
        Database.When("UPDATE", s => FakeResult.Changed((long)s.Parameters[0]!));
        var sum = await _gateway.RunAsync(async c =>
        {
            var calls = Enumerable.Range(0, 100).Select(i => c.Database("main").ExecuteAsync("UPDATE", i).AsTask()).ToList();
            return (await Task.WhenAll(calls)).Sum();
        });
        Assert.That(sum, Is.EqualTo(4950));
    }

    [Test]
    public void Isolation_levels_are_those_of_the_header()
        => Assert.That(Enum.GetValues<Isolation>().Select(i => $"{(int)i} {i}"), Is.EqualTo(Enum.GetValues<AbiIsolation>().Select(i => $"{(int)i} {i}")));
}
