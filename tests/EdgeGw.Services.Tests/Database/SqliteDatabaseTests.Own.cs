using Microsoft.Data.Sqlite;

namespace EdgeGw.Services.Tests.Database;

/// <summary>What only the embedded database has: one writer, a file that other processes may hold, and its own ways with types.</summary>
internal sealed partial class SqliteDatabaseTests
{
    [TestCase("")]
    [TestCase(" -- nothing\n;")]
    public async Task An_empty_statement_is_refused(string sql)
    {
        using var request = Host.Open();
        Assert.That((await request.Database.QueryAsync(sql)).Code, Is.EqualTo("42601"));
    }

    [Test]
    public async Task Readers_go_on_while_a_transaction_writes()
    {
        var table = await TableAsync("id bigint");
        using var writer = Host.Open();
        var transaction = await BeginAsync(writer);
        await writer.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)");
        using var reader = Host.Open();
        var cursor = await reader.Database.QueryPageAsync(0, 1, "select * from (values (1), (2))");
        Assert.That(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => OneAsync($"select count(*) from {table}"))), Is.All.EqualTo("Int64 0"));
        Assert.That((await writer.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.Ok), "a reader that is under way does not hold up a commit");
        Assert.That((await reader.Database.NextAsync(cursor.Open)).Values[0].Integer, Is.EqualTo(2));
    }

    [Test]
    public async Task A_writer_waits_for_the_one_before_it()
    {
        var table = await TableAsync("id bigint");
        using var first = Host.Open();
        using var second = Host.Open();
        var transaction = await BeginAsync(first);
        var waiting = second.Database.ExecuteAsync($"insert into {table} values (2)");
        await Eventually.TrueAsync(() => Task.FromResult(Host.Actor.Running == 2), () => "the second writer at work");
        Assert.That(waiting.IsCompleted, Is.False);
        await first.Database.CommitAsync(transaction);
        Assert.That((await waiting).Result, Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public async Task A_writer_gives_up_in_a_sentence()
    {
        var table = await TableAsync("id bigint");
        Host.Use(With("busyTimeoutMs", "0"));
        try
        {
            using var first = Host.Open();
            using var second = Host.Open();
            // The actor before this one closes its files meanwhile, and holds the writer's lock for a moment when it does.
            await Eventually.TrueAsync(async () => (await first.Database.BeginAsync()).Result == AbiResult.Ok, () => "a transaction");
            var reply = await second.Database.ExecuteAsync($"insert into {table} values (2)");
            Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Refused, "55P03")), reply.ToString());
            Assert.That(reply.Error, Does.Contain("busyTimeoutMs"));
        }
        finally
        {
            Host.Use(Config);
        }
    }

    [Test]
    public async Task Another_process_that_writes_is_waited_for_and_then_given_up()
    {
        var table = await TableAsync("id bigint");
        await using (var other = OpenFile())
        {
            Run(other, "begin immediate");
            Host.Use(With("busyTimeoutMs", "100"));
            try
            {
                using var request = Host.Open();
                Assert.That((await request.Database.ExecuteAsync($"insert into {table} values (1)")).Code, Is.EqualTo("55P03"));
                Assert.That((await request.Database.BeginAsync()).Code, Is.EqualTo("55P03"));
            }
            finally
            {
                Host.Use(Config);
            }
            using var patient = Host.Open();
            var waiting = patient.Database.ExecuteAsync($"insert into {table} values (2)");
            await Eventually.TrueAsync(() => Task.FromResult(Host.Actor.Running == 1), () => "the writer at work");
            Run(other, "commit");
            Assert.That((await waiting).Result, Is.EqualTo(AbiResult.Ok));
        }
        Assert.That(await OneAsync($"select id from {table}"), Is.EqualTo("Int64 2"));
    }

    [Test]
    public async Task A_cancelled_request_does_not_go_on_waiting_for_another_process()
    {
        var table = await TableAsync("id bigint");
        await using var other = OpenFile();
        Run(other, "begin immediate");
        using var request = Host.Open();
        var waiting = request.Database.ExecuteAsync($"insert into {table} values (1)");
        await Eventually.TrueAsync(() => Task.FromResult(Host.Actor.Running == 1), () => "the writer at work");
        request.Cancel();
        Assert.That((await waiting).Result, Is.EqualTo(AbiResult.Cancelled));
        await IdleAsync();
        Run(other, "rollback");
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [TestCase("begin")]
    [TestCase("begin immediate")]
    [TestCase("/* now */ commit")]
    [TestCase("end")]
    [TestCase("rollback")]
    public async Task Sql_does_not_control_transactions(string sql)
    {
        var table = await TableAsync("id bigint");
        using var request = Host.Open();
        Assert.That((await request.Database.ExecuteAsync(sql)).Code, Is.EqualTo("2D000"));
        var transaction = await BeginAsync(request);
        await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)");
        Assert.That((await request.Database.ExecuteInAsync(transaction, sql)).Code, Is.EqualTo("2D000"));
        await request.Database.CloseAsync(transaction);
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [Test]
    public async Task A_savepoint_needs_a_transaction()
    {
        using var request = Host.Open();
        Assert.That((await request.Database.ExecuteAsync("savepoint s")).Code, Is.EqualTo("25P01"));
    }

    [Test]
    public async Task A_transaction_that_sqlite_rolled_back_does_not_go_on_without_being_one()
    {
        var table = await TableAsync("id bigint primary key");
        using var request = Host.Open();
        var transaction = await BeginAsync(request);
        await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (1)");
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert or rollback into {table} values (1)")).Code, Is.EqualTo("23505"));
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (2)")).Code, Is.EqualTo("25P02"));
        Assert.That((await request.Database.ExecuteInAsync(transaction, "rollback to s")).Result, Is.EqualTo(AbiResult.Refused));
        Assert.That((await request.Database.CommitAsync(transaction)).Code, Is.EqualTo("25P02"));
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [TestCase("create temp table left (id bigint)", "select count(*) from left", "42P01")]
    [TestCase("attach ':memory:' as left", "select count(*) from left.sqlite_master", "42P01")]
    public async Task What_is_left_on_a_connection_does_not_meet_its_next_user(string sql, string look, string code)
    {
        using var request = Host.Open();
        Assert.That((await request.Database.ExecuteAsync(sql)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.QueryAsync(look)).Code, Is.EqualTo(code));
    }

    [Test]
    public async Task A_setting_changed_by_a_request_is_gone_after_it()
    {
        await RunAsync("pragma foreign_keys = off");
        Assert.That(await OneAsync("pragma foreign_keys"), Is.EqualTo("Int64 1"));
        Assert.That(await OneAsync("pragma journal_mode"), Is.EqualTo("Text wal"));
    }

    [TestCase("select :a", 1)]
    [TestCase("select @a", 1)]
    [TestCase("select $a", 1)]
    [TestCase("select $1a", 1)]
    public async Task Parameters_of_other_forms_are_refused(string sql, int parameters)
    {
        using var request = Host.Open();
        Assert.That((await request.Database.QueryAsync(sql, new object?[parameters])).Code, Is.EqualTo("42601"));
    }

    [TestCase("select $0", "42P02")]
    [TestCase("select no_such_thing", "42703")]
    [TestCase("select no_such_thing()", "42883")]
    [TestCase("create table sqlite_master (id int)", "42P07")]
    [TestCase("select 'open", "42601")]
    [TestCase("select abs(-9223372036854775807 - 1)", "22003")]
    [TestCase("select json('{')", "22P02")]
    public async Task Faults_have_the_codes_of_postgresql(string sql, string code)
    {
        using var request = Host.Open();
        var reply = await request.Database.QueryAsync(sql);
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Refused, code)), reply.ToString());
    }

    [Test]
    public async Task What_a_trigger_raises_is_told()
    {
        var table = await TableAsync("id bigint");
        await RunAsync($"create trigger no_{table} before delete on {table} begin select raise(abort, 'rows stay'); end");
        await RunAsync($"insert into {table} values (1)");
        using var request = Host.Open();
        var reply = await request.Database.ExecuteAsync($"delete from {table}");
        Assert.That((reply.Code, reply.Error), Is.EqualTo(("P0001", "The database refused the statement: rows stay.")));
    }

    [Test]
    public async Task A_double_that_is_no_number_is_refused_rather_than_made_null()
    {
        using var request = Host.Open();
        Assert.That((await request.Database.QueryAsync("select $1", double.NaN)).Code, Is.EqualTo("22003"));
        Assert.That((await request.Database.QueryAsync("select $1", [new object?[] { double.NaN }])).Code, Is.EqualTo("22003"));
    }

    [Test]
    public async Task An_array_is_json_that_json_each_reads()
    {
        Assert.That(await OneAsync("select $1", [new object?[] { 1, null, "a\"b", true, 0.5, new byte[] { 255 }, new object?[] { 2 } }]), Is.EqualTo("""Text [1,null,"a\u0022b",true,0.5,"ff",[2]]"""));
        Assert.That((await RunAsync("select value from json_each($1) order by value", [new object?[] { 3, 1, 2 }])).Values.Select(value => value.Integer), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task What_does_not_fit_its_columns_type_is_given_as_it_is_stored()
    {
        var table = await TableAsync("b boolean, d date, t timestamp, u uuid, n numeric, j json, i interval, x text");
        await RunAsync($"insert into {table} values (2, 'soon', 17, 'x', 12.50, '5', 'long', cast(x'ff' as text))");
        Assert.That((await RunAsync($"select * from {table}")).Table[0],
            Is.EqualTo(new[] { "Int64 2", "Text soon", "Int64 17", "Text x", "Numeric 12.5", "Json 5", "Text long", "Blob ff" }));
    }

    [Test]
    public async Task A_file_that_is_no_database_makes_the_service_unavailable_and_nothing_else()
    {
        var path = Path.Combine(State, "broken.db");
        await File.WriteAllTextAsync(path, new string('x', 4096));
        Host.Use(With("path", path));
        try
        {
            using var request = Host.Open();
            var reply = await request.Database.QueryAsync("select 1");
            Assert.That(reply.Result, Is.EqualTo(AbiResult.Unavailable), reply.ToString());
            File.Delete(path);
            await Eventually.TrueAsync(async () => (await request.Database.QueryAsync("select 1")).Result == AbiResult.Ok, () => "the service to come back by itself");
        }
        finally
        {
            Host.Use(Config);
        }
    }

    private Epochs.EpochService With(string key, string value) => Config with { Settings = new Dictionary<string, string>(Config.Settings) { [key] = value } };

    private SqliteConnection OpenFile()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(State, "data", "main.db"), Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
