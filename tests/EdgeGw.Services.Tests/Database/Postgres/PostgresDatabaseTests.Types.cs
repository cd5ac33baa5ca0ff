namespace EdgeGw.Services.Tests.Database.Postgres;

/// <summary>Every type, there and back.</summary>
internal sealed partial class PostgresDatabaseTests
{
    private const long Moment = 1_709_210_096_789_012; // 2024-02-29 12:34:56.789012

    [TestCase("true", "Bool 1")]
    [TestCase("'-32768'::int2", "Int64 -32768")]
    [TestCase("2147483647", "Int64 2147483647")]
    [TestCase("'-9223372036854775808'::int8", "Int64 -9223372036854775808")]
    [TestCase("4294967295::oid", "Int64 4294967295")]
    [TestCase("1.5::float4", "Double 1.5")]
    [TestCase("0.1::float8", "Double 0.1")]
    [TestCase("'NaN'::float8", "Double NaN")]
    [TestCase("'-Infinity'::float4", "Double -Infinity")]
    [TestCase("'snø'::text", "Text snø")]
    [TestCase("'ab'::char(3)", "Text ab ")]
    [TestCase("'ab'::varchar", "Text ab")]
    [TestCase("'ab'::name", "Text ab")]
    [TestCase("''::text", "Text ")]
    [TestCase("'\\x00ff'::bytea", "Blob 00ff")]
    [TestCase("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "Uuid a0eebc999c0b4ef8bb6d6bb9bd380a11")]
    [TestCase("'{\"a\": [1, null]}'::json", "Json {\"a\": [1, null]}")]
    [TestCase("'{\"a\":1}'::jsonb", "Json {\"a\": 1}")]
    [TestCase("null", "Null")]
    [TestCase("null::int8", "Null")]
    [TestCase("pg_sleep(0)", "Null")]
    [TestCase("'2024-02-29 13:34:56.789012+01'::timestamptz", "Timestamp 1709210096789012")]
    [TestCase("'2024-02-29 12:34:56.789012'::timestamp", "LocalTimestamp 1709210096789012")]
    [TestCase("'infinity'::timestamptz", "Timestamp 9223372036854775807")]
    [TestCase("'-infinity'::timestamp", "LocalTimestamp -9223372036854775808")]
    [TestCase("'0044-03-15 12:00 BC'::timestamp", "LocalTimestamp -63517780800000000")]
    [TestCase("'1969-12-31'::date", "Date -1")]
    [TestCase("'infinity'::date", "Date 9223372036854775807")]
    [TestCase("'24:00'::time", "Time 86400000000")]
    [TestCase("'12:34:56.5'::time", "Time 45296500000")]
    [TestCase("'10 years -3 months 4 days -5:06:07.008'::interval", "Interval P9Y9M4DT-5H-6M-7.008S")]
    [TestCase("'0'::interval", "Interval PT0S")]
    [TestCase("'1 day 2 hours'::interval", "Interval P1DT2H")]
    [TestCase("'12:34:56.5+02'::timetz", "Other 12:34:56.5+02")]
    [TestCase("'10.1.0.0/16'::inet", "Other 10.1.0.0/16")]
    [TestCase("'[1,5)'::int4range", "Other [1,5)")]
    [TestCase("'(1,2)'::point", "Other (1,2)")]
    [TestCase("B'101'", "Other 101")]
    [TestCase("'<a/>'::xml", "Other <a/>")]
    [TestCase("row(1, 'a b')", "Other (1,\"a b\")")]
    [TestCase("'a b'::tsvector", "Other 'a' 'b'")]
    [TestCase("array['10.0.0.1'::inet]", "Other {10.0.0.1}")]
    [TestCase("array[1, null, -3]", "Array [Int64 1, Null, Int64 -3]")]
    [TestCase("array[[1, 2], [3, 4]]", "Array [Array [Int64 1, Int64 2], Array [Int64 3, Int64 4]]")]
    [TestCase("'{}'::text[]", "Array []")]
    [TestCase("array['a,b', 'null', '']", "Array [Text a,b, Text null, Text ]")]
    [TestCase("array[1.50, 'NaN'::numeric]", "Array [Numeric 1.50, Numeric NaN]")]
    [TestCase("array['infinity'::timestamptz]", "Array [Timestamp 9223372036854775807]")]
    public async Task A_value_of_every_type_is_read(string expression, string expected) => Assert.That(await OneAsync($"select {expression}"), Is.EqualTo(expected));

    [TestCase("0")]
    [TestCase("0.00")]
    [TestCase("-12.50")]
    [TestCase("10000")]
    [TestCase("100000000")]
    [TestCase("0.0000001")]
    [TestCase("0.00010000")]
    [TestCase("99999999999999999999999999999999999999.123456789012345678901234567890")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("-Infinity")]
    public async Task A_numeric_keeps_every_digit_both_ways(string number)
    {
        Assert.That(await OneAsync($"select '{number}'::numeric"), Is.EqualTo("Numeric " + number));
        Assert.That(await OneAsync("select cast($1 as numeric)", Value.Of(AbiValueKind.Numeric, number)), Is.EqualTo("Numeric " + number));
    }

    [Test]
    public async Task The_largest_numeric_is_read()
    {
        var number = new string('9', 131_072) + "." + new string('7', 16_383);
        Assert.That((await RunAsync("select cast($1 as numeric)", Value.Of(AbiValueKind.Numeric, number))).Values[0].Text, Is.EqualTo(number));
    }

    private static IEnumerable<TestCaseData> Parameters()
    {
        yield return new(true, "Bool 1");
        yield return new(5L, "Int64 5");
        yield return new(5_000_000_000L, "Int64 5000000000");
        yield return new(long.MinValue, "Int64 -9223372036854775808");
        yield return new(double.NaN, "Double NaN");
        yield return new("it's", "Text it's");
        yield return new(new byte[] { 0, 1 }, "Blob 0001");
        yield return new(Array.Empty<byte>(), "Blob ");
        yield return new(Value.Of(AbiValueKind.Numeric, "-1.50"), "Numeric -1.50");
        yield return new(new Guid("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "Uuid a0eebc999c0b4ef8bb6d6bb9bd380a11");
        yield return new(new Value(AbiValueKind.Timestamp, Moment), $"Timestamp {Moment}");
        yield return new(new Value(AbiValueKind.Timestamp, long.MaxValue), $"Timestamp {long.MaxValue}");
        yield return new(new Value(AbiValueKind.LocalTimestamp, long.MinValue), $"LocalTimestamp {long.MinValue}");
        yield return new(new Value(AbiValueKind.Date, -1), "Date -1");
        yield return new(new Value(AbiValueKind.Date, long.MinValue), $"Date {long.MinValue}");
        yield return new(new Value(AbiValueKind.Time, 1), "Time 1");
        yield return new(Value.Of(AbiValueKind.Interval, "P1Y2M3W4DT5H6M-7.5S"), "Interval P1Y2M25DT5H5M52.5S");
        yield return new(Value.Of(AbiValueKind.Json, "[1]"), "Json [1]");
        yield return new(Array.Empty<object?>(), "Array []");
        yield return new(new object?[] { 1, null, 2 }, "Array [Int64 1, Null, Int64 2]");
        yield return new(new object?[] { 1, 5_000_000_000L }, "Array [Int64 1, Int64 5000000000]");
        yield return new(new object?[] { new object?[] { "a", null }, new object?[] { "b", "c" } }, "Array [Array [Text a, Null], Array [Text b, Text c]]");
        yield return new(new object?[] { true }, "Array [Bool 1]");
        yield return new(new object?[] { 0.5 }, "Array [Double 0.5]");
        yield return new(new object?[] { new byte[] { 7 }, null }, "Array [Blob 07, Null]");
        yield return new(new object?[] { new Value(AbiValueKind.Timestamp, Moment) }, $"Array [Timestamp {Moment}]");
        yield return new(new object?[] { new Value(AbiValueKind.Date, 1) }, "Array [Date 1]");
        yield return new(new object?[] { new Value(AbiValueKind.Time, 1) }, "Array [Time 1]");
        yield return new(new object?[] { Value.Of(AbiValueKind.Numeric, "1.5") }, "Array [Numeric 1.5]");
        yield return new(new object?[] { Value.Of(AbiValueKind.Interval, "P1D") }, "Array [Interval P1D]");
        yield return new(new object?[] { Value.Of(AbiValueKind.Json, "{}") }, "Array [Json {}]");
        yield return new(new object?[] { new Guid("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11") }, "Array [Uuid a0eebc999c0b4ef8bb6d6bb9bd380a11]");
    }

    [TestCaseSource(nameof(Parameters))]
    public async Task A_parameter_has_a_type_of_its_own(object value, string expected) => Assert.That(await OneAsync("select $1", value), Is.EqualTo(expected));

    [Test]
    public async Task Text_becomes_what_its_place_asks_for()
    {
        await RunAsync("create type mood as enum ('sad', 'fine')");
        var table = await TableAsync("u uuid, d date, t timestamptz, j jsonb, m mood, i inet, n numeric, a int[]");
        await RunAsync($"insert into {table} values ($1, $2, $3, $4, $5, $6, $7, $8)", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "1970-01-02", "1970-01-01 00:00:01Z", "{}", "fine", "10.0.0.1", "1.50", "{1,2}");
        Assert.That((await RunAsync($"select * from {table} where u = $1 and m = $2", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "fine")).Table[0], Is.EqualTo(new[]
        {
            "Uuid a0eebc999c0b4ef8bb6d6bb9bd380a11", "Date 1", "Timestamp 1000000", "Json {}", "Other fine", "Other 10.0.0.1", "Numeric 1.50", "Array [Int64 1, Int64 2]",
        }));
    }

    [Test]
    public async Task Nulls_go_anywhere_and_a_parameter_may_change_its_kind_from_call_to_call()
    {
        var table = await TableAsync("a bigint, b text, c timestamptz");
        foreach (var value in new object?[] { 1, null, 5_000_000_000L, 2, "3", null })
        {
            await RunAsync($"insert into {table} values ($1, $2, $3)", value, value?.ToString(), null);
        }
        Assert.That((await RunAsync($"select a, b, c from {table}")).Table.Select(row => string.Join(" ", row)),
            Is.EqualTo(new[] { "Int64 1 Text 1 Null", "Null Null Null", "Int64 5000000000 Text 5000000000 Null", "Int64 2 Text 2 Null", "Int64 3 Text 3 Null", "Null Null Null" }));
    }

    [TestCase("42804", 1, "x")]
    [TestCase("2202E", new[] { 1, 2 }, new[] { 3 })]
    public async Task An_array_that_is_none_is_refused(string code, object one, object other)
    {
        using var request = Host.Open();
        object?[] items = [.. new[] { one, other }.Select(item => item is int[] inner ? inner.Cast<object?>().ToArray() : item)];
        var reply = await request.Database.QueryAsync("select $1", new object?[] { items });
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Refused, code)), reply.ToString());
    }

    [Test]
    public async Task Invalid_utf8_is_refused_as_text_and_kept_as_bytes()
    {
        using var request = Host.Open();
        Assert.That((await request.Database.QueryAsync("select $1", new Value(AbiValueKind.Text, 0, [0xC3, 0x28]))).Code, Is.EqualTo("22021"));
        Assert.That((await request.Database.QueryAsync("select $1", new Value(AbiValueKind.Text, 0, [0x61, 0x00]))).Code, Is.EqualTo("22021"));
        Assert.That(await OneAsync("select $1", new byte[] { 0xC3, 0x28, 0 }), Is.EqualTo("Blob c32800"));
    }

    [Test]
    public async Task A_value_of_64_MiB_goes_both_ways()
    {
        var bytes = new byte[64 << 20];
        Random.Shared.NextBytes(bytes);
        var reply = await RunAsync("select $1, length($1)", bytes);
        Assert.That(reply.Values[0].Bytes.AsSpan().SequenceEqual(bytes), Is.True);
        Assert.That(reply.Values[1].Integer, Is.EqualTo(bytes.Length));
        Assert.That((await RunAsync("select repeat('x', 67108864)")).Values[0].Bytes, Has.Length.EqualTo(64 << 20));
    }

    [Test]
    public async Task A_migration_of_several_statements_runs_to_its_end()
    {
        await using var connection = new Rented(await ((EdgeGw.Services.Database.IDatabaseBackend)Host.Actor.Backend).RentAsync(default));
        await connection.Of.BeginAsync(AbiIsolation.Default, false, default);
        await connection.Of.LockMigrationsAsync(default);
        await connection.Of.ExecuteScriptAsync("""
            -- first; not a statement
            create table script (id int, note text);;
            create or replace function both_of(a int) returns int language sql begin atomic select 1; select case when a > 0 then 1 else 2 end; end;
            create function quoted() returns text language plpgsql as $f$ begin return 'a;b'; end $f$;
            insert into script values (both_of(1), quoted()); /* ; */
            """, default);
        Assert.That(async () => await connection.Of.ExecuteScriptAsync("select 1; /* x */ commit", default), Throws.TypeOf<ServiceException>().With.Property("Fault").With.Property("Code").EqualTo("2D000"));
        await connection.Of.CommitAsync(default);
        Assert.That((await RunAsync("select id, note from script")).Table[0], Is.EqualTo(new[] { "Int64 1", "Text a;b" }));
    }

    private sealed class Rented(EdgeGw.Services.Database.DatabaseConnection of) : IAsyncDisposable
    {
        public EdgeGw.Services.Database.DatabaseConnection Of { get; } = of;

        public ValueTask DisposeAsync() => Of.ReturnAsync();
    }
}
