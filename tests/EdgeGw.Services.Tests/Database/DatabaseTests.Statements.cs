namespace EdgeGw.Services.Tests.Database;

/// <summary>Single statements.</summary>
internal abstract partial class DatabaseTests
{
    [Test]
    public async Task A_query_gives_names_and_typed_rows()
    {
        var table = await TableAsync("id bigint primary key, name text, ratio double precision, data " + TypeOf(AbiValueKind.Blob));
        await RunAsync($"insert into {table} values ($1, $2, $3, $4)", 7, "søn", 0.5, new byte[] { 0, 255 });
        await RunAsync($"insert into {table} (id) values ($1)", 8);
        var reply = await RunAsync($"select id, name, ratio, data from {table} order by id");
        Assert.That(reply.Names, Is.EqualTo(new[] { "id", "name", "ratio", "data" }));
        Assert.That(reply.Table, Is.EqualTo(new[] { new[] { "Int64 7", "Text søn", "Double 0.5", "Blob 00ff" }, ["Int64 8", "Null", "Null", "Null"] }));
        Assert.That((reply.Rows, reply.Open), Is.EqualTo((2ul, 0ul)));
    }

    [Test]
    public async Task Execute_tells_how_many_rows_were_changed()
    {
        var table = await TableAsync("id bigint");
        using var request = Host.Open();
        Assert.That((await request.Database.ExecuteAsync($"insert into {table} values ($1), ($2), ($2)", 1, 2)).Affected, Is.EqualTo(3));
        Assert.That((await request.Database.ExecuteAsync($"update {table} set id = 3 where id = $1", 2)).Affected, Is.EqualTo(2));
        Assert.That((await request.Database.ExecuteAsync($"select * from {table}")).Affected, Is.Zero);
        Assert.That((await request.Database.ExecuteAsync($"delete from {table}")).Affected, Is.EqualTo(3));
    }

    [Test]
    public async Task Returning_gives_the_rows_and_their_count()
    {
        var table = await TableAsync("id bigint, name text");
        var reply = await RunAsync($"insert into {table} values (1, 'a'), (2, 'b') returning id, name");
        Assert.That(reply.Table, Is.EqualTo(new[] { new[] { "Int64 1", "Text a" }, ["Int64 2", "Text b"] }));
        Assert.That(reply.Affected, Is.EqualTo(2));
    }

    [Test]
    public async Task One_parameter_may_be_used_several_times_and_in_any_order() =>
        Assert.That((await RunAsync("select cast($2 as text) || cast($1 as text) || cast($2 as text)", "a", "b")).Table[0], Is.EqualTo(new[] { "Text bab" }));

    [Test]
    public async Task Dollar_signs_in_text_and_comments_are_no_parameters() =>
        Assert.That((await RunAsync("""select '$1', cast($1 as text) as "a$2" /* $3 */ -- $4""" + "\n", "x")).Table[0], Is.EqualTo(new[] { "Text $1", "Text x" }));

    [TestCase("'; drop table {0}; --")]
    [TestCase("\\'; drop table {0}; --")]
    [TestCase("1 or 1=1")]
    [TestCase("$1 ?1 @p :x %s")]
    public async Task Injected_sql_stays_data(string text)
    {
        var table = await TableAsync("name text");
        await RunAsync($"insert into {table} values ('safe')");
        var attempt = text.Replace("{0}", table, StringComparison.Ordinal);
        Assert.That((await RunAsync($"select * from {table} where name = $1", attempt)).Rows, Is.Zero);
        await RunAsync($"insert into {table} values ($1)", attempt);
        Assert.That(await OneAsync($"select name from {table} where name = $1", attempt), Is.EqualTo("Text " + attempt));
    }

    [TestCase("selec 1", "42601")]
    [TestCase("create table never_made (id bigint); drop table never_made", "42601")]
    [TestCase("select 1; select 2", "42601")]
    [TestCase("select * from there_is_no_such_table", "42P01")]
    [TestCase("select $2", "08P01")]
    public async Task A_wrong_statement_is_refused_with_its_code(string sql, string code)
    {
        using var request = Host.Open();
        var reply = await request.Database.QueryAsync(sql, sql.Contains('$', StringComparison.Ordinal) ? [1] : []);
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Refused, code)), reply.ToString());
        Assert.That(reply.Error, Does.EndWith("."));
        Assert.That(await OneAsync("select 1"), Is.EqualTo("Int64 1"));
    }

    [Test]
    public async Task Constraints_have_their_codes()
    {
        var table = await TableAsync("id bigint primary key, name text not null, age bigint check (age > 0)");
        await RunAsync($"insert into {table} values (1, 'a', 1)");
        using var request = Host.Open();
        Assert.That((await request.Database.ExecuteAsync($"insert into {table} values (1, 'a', 1)")).Code, Is.EqualTo("23505"));
        Assert.That((await request.Database.ExecuteAsync($"insert into {table} values (2, null, 1)")).Code, Is.EqualTo("23502"));
        Assert.That((await request.Database.ExecuteAsync($"insert into {table} values (3, 'a', -1)")).Code, Is.EqualTo("23514"));
        var child = await TableAsync($"parent bigint references {table} (id)");
        Assert.That((await request.Database.ExecuteAsync($"insert into {child} values (9)")).Code, Is.EqualTo("23503"));
    }

    [Test]
    public async Task A_statement_without_all_its_parameters_is_refused()
    {
        using var request = Host.Open();
        Assert.That((await request.Database.QueryAsync("select cast($1 as text), cast($2 as text)", "a")).Code, Is.EqualTo("08P01"));
    }

    [Test]
    public async Task A_thousand_parameters_fit_into_a_statement()
    {
        var rows = string.Join(", ", Enumerable.Range(1, 1000).Select(i => $"(cast(${i} as bigint))"));
        Assert.That(await OneAsync($"select cast(sum(column1) as bigint) from (values {rows}) as v", [.. Enumerable.Range(1, 1000).Cast<object?>()]), Is.EqualTo("Int64 500500"));
    }

    [Test]
    public async Task A_batch_is_done_as_a_whole_or_not_at_all()
    {
        var table = await TableAsync("id bigint primary key");
        using var request = Host.Open();
        var reply = await request.Database.BatchAsync(0, ($"insert into {table} values ($1), ($2)", [1, 2]), ($"update {table} set id = id + 10", []), ($"delete from {table} where id = $1", [11]));
        Assert.That(reply.Values.Select(value => value.ToString()), Is.EqualTo(new[] { "Int64 2", "Int64 2", "Int64 1" }), reply.ToString());
        reply = await request.Database.BatchAsync(0, ($"insert into {table} values ($1)", [20]), ($"insert into {table} values ($1)", [12]));
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Refused, "23505")));
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 1"));
    }

    [Test]
    public async Task A_cancelled_request_ends_its_statement()
    {
        using var request = Host.Open();
        var reply = request.Database.QueryAsync(EndlessQuery);
        await Eventually.TrueAsync(() => Task.FromResult(Host.Actor.Running == 1), () => "the query at work");
        request.Cancel();
        Assert.That((await reply).Result, Is.EqualTo(AbiResult.Cancelled));
        await IdleAsync();
    }

    [Test]
    public async Task A_cancelled_request_begins_nothing_more()
    {
        using var request = Host.Open();
        var transaction = await request.Database.BeginAsync();
        request.Cancel();
        await IdleAsync();
        foreach (var reply in new[] { await request.Database.QueryAsync("select 1"), await request.Database.BeginAsync() })
        {
            Assert.That((reply.Result, reply.IsReply), Is.EqualTo((AbiResult.Cancelled, false)));
        }
        Assert.That((await request.Database.ExecuteInAsync(transaction.Open, "select 1")).Result, Is.EqualTo(AbiResult.InvalidState), "what it had open is closed");
        using var another = Host.Open();
        Assert.That((await another.Database.QueryAsync("select 1")).Result, Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public async Task A_late_statement_is_given_up_and_its_connection_goes_on()
    {
        Host.Use(Config with { TimeoutMs = 2_000 }); // nothing but the endless statement may be late
        try
        {
            using var request = Host.Open();
            Assert.That((await request.Database.QueryAsync(EndlessQuery)).Result, Is.EqualTo(AbiResult.TimedOut));
            await IdleAsync();
            Assert.That((await request.Database.QueryAsync("select 1")).Result, Is.EqualTo(AbiResult.Ok));
        }
        finally
        {
            Host.Use(Config);
        }
    }

    [Test]
    public async Task A_statement_goes_on_after_its_table_has_changed()
    {
        var table = await TableAsync("id bigint");
        await RunAsync($"insert into {table} values (1)");
        Assert.That((await RunAsync($"select * from {table}")).Names, Is.EqualTo(new[] { "id" }));
        await RunAsync($"alter table {table} add column name text");
        Assert.That((await RunAsync($"select * from {table}")).Table[0], Is.EqualTo(new[] { "Int64 1", "Null" }));
    }

    [Test]
    public void Arguments_out_of_range_are_refused_at_once()
    {
        using var request = Host.Open();
        Assert.That(request.Database.CommitWithoutCallback(1), Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That(request.Database.QueryAsync("select 1", new object?[1001]).Result.Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That(request.Database.BatchAsync(0).Result.Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That(request.Database.BeginAsync((AbiIsolation)9).Result.Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That(request.Database.QueryAsync("select $1", new Value(AbiValueKind.Uuid, 0, [1])).Result.Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That(request.Database.NextAsync(12345).Result.Result, Is.EqualTo(AbiResult.InvalidState));
    }
}
