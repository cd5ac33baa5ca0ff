using System.Text.Json;
using CsCheck;
using EdgeGw.Abi;

namespace EdgeGw.Tests;

/// <summary>Values there and back, and what a column is not.</summary>
public class RowTests
{
    private static readonly Gen<DateTimeOffset> Moments = Gen.Long[-62_135_596_800_000_000, 253_402_300_799_999_999].Select(micros => DateTimeOffset.UnixEpoch.AddTicks(micros * 10));

    private FakeGateway _gateway = null!;

    private FakeDatabase Database => _gateway.Database("main");

    [SetUp]
    public void Load()
    {
        _gateway = FakeGateway.For(typeof(Scripted), new FakeGatewayOptions { ReplyAtOnce = true });
        Database.When("ECHO", s => FakeResult.Of([.. s.Values.Select((_, i) => $"c{i}")], [.. new[] { s.Values.Cast<object?>().ToArray() }]));
    }

    [Test]
    public void Whatever_goes_in_comes_out()
    {
        Check(Gen.Long, v => v, (r, c) => r.GetInt64(c));
        Check(Gen.Int, v => v, (r, c) => r.GetInt32(c));
        Check(Gen.Double, v => v, (r, c) => r.GetDouble(c));
        Check(Gen.Bool, v => v, (r, c) => r.GetBoolean(c));
        Check(Gen.Decimal, v => v, (r, c) => r.GetDecimal(c));
        Check(Gen.String.Where(IsWellFormed), v => v, (r, c) => r.GetString(c));
        Check(Gen.Guid, v => v, (r, c) => r.GetGuid(c));
        Check(Moments, v => v, (r, c) => r.GetDateTimeOffset(c));
        Check(Moments, v => DateTime.SpecifyKind(v.UtcDateTime, DateTimeKind.Unspecified), (r, c) => new DateTimeOffset(r.GetDateTime(c), TimeSpan.Zero));
        Check(Gen.DateOnly, v => v, (r, c) => r.GetDateOnly(c));
        Check(Gen.Long[0, (TimeSpan.TicksPerDay / 10) - 1].Select(m => new TimeOnly(m * 10)), v => v, (r, c) => r.GetTimeOnly(c));
        Check(Gen.TimeSpan, v => v, (r, c) => r.GetTimeSpan(c));
        Check(Gen.Byte.Array.Select(Convert.ToHexString), v => Convert.FromHexString(v), (r, c) => Convert.ToHexString(r.GetBytes(c)));
    }

    [Test]
    public void Arrays_come_out_as_they_went_in()
    {
        CheckArray(Gen.Long.Array, v => v, (r, c) => r.GetArray<long>(c));
        CheckArray(Gen.Short.Array, v => v, (r, c) => r.GetArray<short>(c));
        CheckArray(Gen.Bool.Array, v => v, (r, c) => r.GetArray<bool>(c));
        CheckArray(Gen.Float.Array, v => v, (r, c) => r.GetArray<float>(c));
        CheckArray(Gen.Double.Array, v => v, (r, c) => r.GetArray<double>(c));
        CheckArray(Gen.DateOnly.Array, v => v, (r, c) => r.GetArray<DateOnly>(c));
        CheckArray(Gen.Byte.Array.Array, v => v, (r, c) => r.GetArray<byte[]>(c));
        CheckArray(Gen.Long[0, (TimeSpan.TicksPerDay / 10) - 1].Select(m => new TimeOnly(m * 10)).Array, v => v, (r, c) => r.GetArray<TimeOnly>(c));
        CheckArray(Moments.Select(m => DateTime.SpecifyKind(m.UtcDateTime, DateTimeKind.Unspecified)).Array, v => v, (r, c) => r.GetArray<DateTime>(c));
        CheckArray(Gen.Decimal.Array, v => v, (r, c) => r.GetArray<decimal>(c));
        CheckArray(Gen.Guid.Array, v => v, (r, c) => r.GetArray<Guid>(c));
        CheckArray(Moments.Array, v => v, (r, c) => r.GetArray<DateTimeOffset>(c));
        CheckArray(Gen.String.Where(IsWellFormed).Array, v => v, (r, c) => r.GetArray<string>(c));
        CheckArray(Gen.Int.Nullable().Array, v => DbValue.Array([.. v.Select(i => (DbValue)i)]), (r, c) => r.GetArray<int?>(c));
    }

    [Test]
    public async Task Every_type_becomes_a_member()
    {
        var json = JsonDocument.Parse("""{"a":[1,2]}""").RootElement;
        var key = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        var moment = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var row = await _gateway.RunAsync(c =>
        {
            Database.When("ALL", s => FakeResult.Of(
                ["flag", "small", "medium", "big", "half", "real", "exact", "text", "key", "blob", "moment", "local", "day", "hour", "span", "json", "numbers", "names", "gaps", "nothing"],
                [.. new[] { s.Values.Cast<object?>().ToArray() }]));
            return c.Database("main").QueryOneAsync<EveryType>("ALL", true, (short)-2, 3, 4L, 0.5f, 0.25, 1.10m, "é€𝄞", key, new byte[] { 0, 255 }, moment,
                new DateTime(2026, 1, 2), new DateOnly(2026, 1, 2), new TimeOnly(3, 4), TimeSpan.FromMinutes(-90), json, new[] { 1L, 2L },
                new[] { "a", null }, DbValue.Array(1, DbValue.Null), DbValue.Null);
        });
        Assert.That((row!.Flag, row.Small, row.Medium, row.Big, row.Half, row.Real, row.Exact, row.Text, row.Key),
            Is.EqualTo((true, (short)-2, 3, 4L, 0.5f, 0.25, 1.10m, "é€𝄞", key)));
        Assert.That((row.Moment, row.Local, row.Day, row.Hour, row.Span), Is.EqualTo((moment, new DateTime(2026, 1, 2), new DateOnly(2026, 1, 2), new TimeOnly(3, 4), TimeSpan.FromMinutes(-90))));
        Assert.That((row.Blob, row.Numbers, row.Names, row.Gaps, row.Nothing, row.Json.GetRawText()),
            Is.EqualTo((new byte[] { 0, 255 }, new[] { 1L, 2L }, new[] { "a", null }, new int?[] { 1, null }, (string?)null, """{"a":[1,2]}""")));
        Assert.That(Database.Statements.Last().Values[8].Bytes, Is.EqualTo(Convert.FromHexString("00112233445566778899AABBCCDDEEFF")), "A UUID has the order of its text.");
    }

    [Test]
    public async Task A_number_of_any_size_and_a_character_are_what_they_look_like()
    {
        (byte? none, char letter, char? other) = (null, 'x', 'é');
        var row = await EchoAsync((byte)1, (sbyte)-1, (short)-2, (ushort)2, uint.MaxValue, 0.5f, none, letter, other);
        Assert.That(Enumerable.Range(0, 5).Select(row.GetInt64), Is.EqualTo(new long[] { 1, -1, -2, 2, uint.MaxValue }));
        Assert.That((row.GetDouble(5), row.IsNull(6), row.GetString(7), row.GetString(8)), Is.EqualTo((0.5, true, "x", "é")));
    }

    [Test]
    public async Task Infinity_is_the_last_and_the_first_moment()
    {
        var values = await EchoAsync(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, DateOnly.MaxValue, DateOnly.MinValue, DateTime.MaxValue, DateTime.MinValue);
        Assert.That(Database.Statements.Last().Values.Select(v => v.Number), Is.EqualTo(Enumerable.Repeat(new[] { long.MaxValue, long.MinValue }, 3).SelectMany(v => v)));
        Assert.That((values.GetDateTimeOffset(0), values.GetDateTimeOffset(1)), Is.EqualTo((DateTimeOffset.MaxValue, DateTimeOffset.MinValue)));
        Assert.That((values.GetDateOnly(2), values.GetDateOnly(3), values.GetDateTime(4), values.GetDateTime(5)), Is.EqualTo((DateOnly.MaxValue, DateOnly.MinValue, DateTime.MaxValue, DateTime.MinValue)));
    }

    [Test]
    public async Task What_a_backend_gives_as_text_is_read_as_what_it_says()
    {
        var row = await EchoAsync("2026-01-02 03:04:05.5", "2026-01-02", "03:04:05", "00112233-4455-6677-8899-aabbccddeeff", 1, "12.50", "PT1H", """{"a":1}""", "2026-01-02T03:04:05+02:00");
        Assert.That(row.GetDateTimeOffset(0), Is.EqualTo(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 500, TimeSpan.Zero)));
        Assert.That((row.GetDateOnly(1), row.GetTimeOnly(2), row.GetGuid(3), row.GetBoolean(4), row.GetDecimal(5), row.GetTimeSpan(6)),
            Is.EqualTo((new DateOnly(2026, 1, 2), new TimeOnly(3, 4, 5), Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), true, 12.50m, TimeSpan.FromHours(1))));
        Assert.That(row.GetJsonElement(7).GetProperty("a").GetInt32(), Is.EqualTo(1));
        Assert.That(row.GetDateTimeOffset(8).UtcDateTime, Is.EqualTo(new DateTime(2026, 1, 2, 1, 4, 5)));
        Assert.That(row.GetJson(7, TestJson.Default.JsonElement).GetRawText(), Is.EqualTo("""{"a":1}"""));
    }

    private static IEnumerable<TestCaseData> WrongKinds()
    {
        yield return Wrong("text", r => r.GetInt64(0), "Column 'c' (0) is text, not a whole number of 64 bits.");
        yield return Wrong("text", r => r.GetBoolean("C"), "Column 'c' (0) is text, not true or false.");
        yield return Wrong(2, r => r.GetBoolean(0), "Column 'c' (0) is a whole number, not true or false.");
        yield return Wrong(1.5, r => r.GetInt64(0), "Column 'c' (0) is a floating-point number, not a whole number of 64 bits.");
        yield return Wrong(1, r => r.GetString(0), "Column 'c' (0) is a whole number, not text.");
        yield return Wrong("x", r => r.GetGuid(0), "Column 'c' (0) is text, not a UUID.");
        yield return Wrong("x", r => r.GetDateTimeOffset(0), "Column 'c' (0) is text, not a date and time.");
        yield return Wrong("P1Y", r => r.GetTimeSpan(0), "Column 'c' (0) is text, not an interval without months or years.");
        yield return Wrong(1, r => r.GetArray<int>(0), "Column 'c' (0) is a whole number, not an array.");
        yield return Wrong(null, r => r.GetInt64(0), "Column 'c' (0) is NULL, and a whole number of 64 bits is asked for: ask IsNull first, or make the member nullable.");
        yield return Wrong(new object?[] { 1, null }, r => r.GetArray<int>(0), "Column 'c' (0) is NULL, and a whole number of 64 bits is asked for: ask IsNull first, or make the member nullable.");
        yield return Wrong(3_000_000_000L, r => r.GetInt32(0), "Column 'c' (0) is 3000000000, which does not fit Int32.");
        yield return Wrong(FakeValue.Text(AbiValueKind.Numeric, "1e400"), r => r.GetDecimal(0), "Column 'c' (0) is a number that no decimal can hold; read it with GetString.");
        yield return Wrong(FakeValue.Text(AbiValueKind.Numeric, "NaN"), r => r.GetDecimal(0), "Column 'c' (0) is a number that no decimal can hold; read it with GetString.");
        yield return Wrong(new FakeValue(AbiValueKind.Timestamp, long.MaxValue - 1), r => r.GetDateTimeOffset(0), $"Column 'c' (0) is {long.MaxValue - 1} µs from 1970-01-01, which no DateTimeOffset can hold.");
        yield return Wrong(new FakeValue(AbiValueKind.Date, 10_000_000), r => r.GetDateOnly(0), "Column 'c' (0) is 10000000 days from 1970-01-01, which no DateOnly can hold.");
        yield return Wrong(1, r => r.GetInt64("d"), "The result has no column 'd'; it has c.");
        yield return Wrong(1, r => r.GetInt64(1), "There is no column 1; the result has 1: c. (Parameter 'column')\nActual value was 1.");
        yield return Wrong(1, r => r.GetInt64(-1), "There is no column -1; the result has 1: c. (Parameter 'column')\nActual value was -1.");

        static TestCaseData Wrong(object? value, Action<Row> read, string sentence) => new TestCaseData(value, read, sentence).SetArgDisplayNames(sentence);
    }

    [TestCaseSource(nameof(WrongKinds))]
    public async Task A_value_that_is_something_else_is_told_with_its_column(object? value, Action<Row> read, string sentence)
    {
        Database.When("SELECT", FakeResult.Of(["c"], [value]));
        var row = (await _gateway.RunAsync(c => c.Database("main").QueryOneAsync("SELECT")))!.Value;
        Assert.That(() => read(row), Throws.Exception.With.Message.EqualTo(sentence));
    }

    [Test]
    public async Task A_kind_that_is_not_known_is_text_or_null()
    {
        Database.When("SELECT", FakeResult.Of(["a", "b", "c"], [FakeValue.Text((AbiValueKind)99, "new"), new FakeValue((AbiValueKind)99), FakeValue.Text(AbiValueKind.Other, "(1,2)")]));
        var row = (await _gateway.RunAsync(c => c.Database("main").QueryOneAsync("SELECT")))!.Value;
        Assert.That((row.GetString(0), row.IsNull(1), row.GetString(2)), Is.EqualTo(("new", true, "(1,2)")));
    }

    [Test]
    public async Task Numbers_beyond_a_decimal_are_read_as_text_or_double()
    {
        Database.When("SELECT", FakeResult.Of(["a", "b"], [FakeValue.Text(AbiValueKind.Numeric, "1" + new string('0', 60)), FakeValue.Text(AbiValueKind.Numeric, "42")]));
        var row = (await _gateway.RunAsync(c => c.Database("main").QueryOneAsync("SELECT")))!.Value;
        Assert.That((row.GetString(0), row.GetDouble(0), row.GetInt64(1)), Is.EqualTo(("1" + new string('0', 60), 1e60, 42L)));
    }

    [Test]
    public void A_row_of_nothing_says_so() => Assert.That(() => default(Row).GetInt64(0), Throws.InvalidOperationException);

    private static bool IsWellFormed(string text) => !text.AsSpan().ContainsAnyInRange('\ud800', '\udfff');

    private void Check<T>(Gen<T> values, Func<T, DbValue> write, Func<Row, int, T> read)
        => values.Array[1, 20].Sample(all =>
        {
            var row = EchoAsync([.. all.Select(write)]).AsTask().GetAwaiter().GetResult();
            Assert.That(all.Select((_, i) => read(row, i)), Is.EqualTo(all));
        }, iter: 50, threads: 1);

    private void CheckArray<T>(Gen<T[]> values, Func<T[], DbValue> write, Func<Row, int, T[]> read)
        => values.Sample(all => Assert.That(read(EchoAsync(write(all), 1).AsTask().GetAwaiter().GetResult(), 0), Is.EqualTo(all)), iter: 50, threads: 1);

    private async ValueTask<Row> EchoAsync(params DbValue[] values) => (await _gateway.RunAsync(c => c.Database("main").QueryOneAsync("ECHO", values)))!.Value;
}
