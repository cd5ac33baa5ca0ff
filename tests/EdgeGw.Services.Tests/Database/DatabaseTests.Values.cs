namespace EdgeGw.Services.Tests.Database;

/// <summary>Values of every kind, through a column and back.</summary>
internal abstract partial class DatabaseTests
{
    /// <summary>Kinds and values that come back as they went in, on every database.</summary>
    private static IEnumerable<TestCaseData> Kept()
    {
        (AbiValueKind Kind, object? Value)[] values =
        [
            (AbiValueKind.Bool, true),
            (AbiValueKind.Bool, false),
            (AbiValueKind.Int64, long.MinValue),
            (AbiValueKind.Int64, long.MaxValue),
            (AbiValueKind.Double, 0.1),
            (AbiValueKind.Double, double.MaxValue),
            (AbiValueKind.Double, double.Epsilon),
            (AbiValueKind.Double, double.PositiveInfinity),
            (AbiValueKind.Double, double.NegativeInfinity),
            (AbiValueKind.Text, ""),
            (AbiValueKind.Text, "grün 😀 '\"\\ \t\r\n\u0001 %s $1"),
            (AbiValueKind.Blob, Array.Empty<byte>()),
            (AbiValueKind.Blob, new byte[] { 0, 1, 255, 0 }),
            (AbiValueKind.Numeric, "-12.50"),
            (AbiValueKind.Numeric, "123456789012345678901234567890123456789012345678901234567890.123456789"),
            (AbiValueKind.Numeric, "0.00000000000000000000000000000000000000000000000001"),
            (AbiValueKind.Numeric, "NaN"),
            (AbiValueKind.Uuid, new Guid("00112233-4455-6677-8899-aabbccddeeff")),
            (AbiValueKind.Timestamp, 0L),
            (AbiValueKind.Timestamp, -1L),
            (AbiValueKind.Timestamp, 1_700_000_000_123_456L),
            (AbiValueKind.Timestamp, long.MaxValue),
            (AbiValueKind.Timestamp, long.MinValue),
            (AbiValueKind.LocalTimestamp, 253_402_300_799_999_999L),
            (AbiValueKind.LocalTimestamp, -62_135_596_800_000_000L),
            (AbiValueKind.LocalTimestamp, long.MaxValue),
            (AbiValueKind.Date, 0L),
            (AbiValueKind.Date, -719_162L),
            (AbiValueKind.Date, 2_932_896L),
            (AbiValueKind.Date, long.MinValue),
            (AbiValueKind.Time, 0L),
            (AbiValueKind.Time, 86_399_999_999L),
            (AbiValueKind.Interval, "P1Y2M3DT4H5M6.789S"),
            (AbiValueKind.Interval, "P-1DT-0.5S"),
            (AbiValueKind.Json, """{"a": [1, 2.5, null, "é"], "b": {}}"""),
            (AbiValueKind.Json, "17"),
        ];
        return values.Select(value => new TestCaseData(value.Kind, value.Value switch
        {
            string text when value.Kind != AbiValueKind.Text => Value.Of(value.Kind, text),
            long number when value.Kind != AbiValueKind.Int64 => new Value(value.Kind, number),
            var other => Value.Of(other),
        }).SetArgDisplayNames(value.Kind.ToString(), Value.Of(value.Value).ToString()));
    }

    [TestCaseSource(nameof(Kept))]
    public async Task A_value_comes_back_as_it_went_in(AbiValueKind kind, object value)
    {
        var table = await TableAsync($"id bigint, v {TypeOf(kind)}");
        await RunAsync($"insert into {table} values (1, $1)", value);
        Assert.That(await OneAsync($"select v from {table} where id = 1"), Is.EqualTo(value.ToString()));
        // Once more: the second time statements are prepared.
        Assert.That(await OneAsync($"select v from {table} where id = 1"), Is.EqualTo(value.ToString()));
    }

    [TestCase(AbiValueKind.Bool)]
    [TestCase(AbiValueKind.Int64)]
    [TestCase(AbiValueKind.Double)]
    [TestCase(AbiValueKind.Text)]
    [TestCase(AbiValueKind.Blob)]
    [TestCase(AbiValueKind.Numeric)]
    [TestCase(AbiValueKind.Uuid)]
    [TestCase(AbiValueKind.Timestamp)]
    [TestCase(AbiValueKind.LocalTimestamp)]
    [TestCase(AbiValueKind.Date)]
    [TestCase(AbiValueKind.Time)]
    [TestCase(AbiValueKind.Interval)]
    [TestCase(AbiValueKind.Json)]
    public async Task Null_is_null_in_every_column(AbiValueKind kind)
    {
        var table = await TableAsync($"v {TypeOf(kind)}");
        await RunAsync($"insert into {table} values ($1)", [null]);
        Assert.That(await OneAsync($"select v from {table}"), Is.EqualTo("Null"));
    }

    [Test]
    public async Task A_value_is_found_by_itself()
    {
        var table = await TableAsync($"id bigint, u {TypeOf(AbiValueKind.Uuid)}, d {TypeOf(AbiValueKind.Date)}, t {TypeOf(AbiValueKind.Timestamp)}");
        var (uuid, date, time) = (Value.Of(new Guid("00112233-4455-6677-8899-aabbccddeeff")), new Value(AbiValueKind.Date, 19_000), new Value(AbiValueKind.Timestamp, 1_700_000_000_500_000));
        await RunAsync($"insert into {table} values (1, $1, $2, $3)", uuid, date, time);
        await RunAsync($"insert into {table} values (2, $1, $2, $3)", Value.Of(Guid.Empty), new Value(AbiValueKind.Date, 18_999), new Value(AbiValueKind.Timestamp, 1_700_000_000_400_000));
        Assert.That(await OneAsync($"select id from {table} where u = $1", uuid), Is.EqualTo("Int64 1"));
        Assert.That(await OneAsync($"select id from {table} where d > $1", new Value(AbiValueKind.Date, 18_999)), Is.EqualTo("Int64 1"));
        Assert.That(await OneAsync($"select id from {table} where t >= $1", time), Is.EqualTo("Int64 1"));
    }

    [TestCase(AbiValueKind.Text, "a\u00ffb", true, "22021")]
    [TestCase(AbiValueKind.Text, "a\0b", false, "22021")]
    [TestCase(AbiValueKind.Json, "{\"a\":", false, "22P02")]
    [TestCase(AbiValueKind.Numeric, "12x", false, "22P02")]
    [TestCase(AbiValueKind.Interval, "tomorrow", false, "22007")]
    public async Task A_value_that_is_none_of_its_kind_is_refused(AbiValueKind kind, string text, bool latin, string code)
    {
        var table = await TableAsync($"v {TypeOf(kind)}");
        using var request = Host.Open();
        var bytes = latin ? System.Text.Encoding.Latin1.GetBytes(text) : System.Text.Encoding.UTF8.GetBytes(text);
        var reply = await request.Database.ExecuteAsync($"insert into {table} values ($1)", new Value(kind, 0, bytes));
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Refused, code)), reply.ToString());
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 0"));
    }

    [Test]
    public async Task A_statement_that_is_no_text_is_refused()
    {
        using var request = Host.Open();
        var reply = await request.Database.QueryBytesAsync([.. "select '"u8, 0xff, .. "'"u8]);
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Refused, "22021")), reply.ToString());
        reply = await request.Database.QueryBytesAsync("select 1\0 from there_is_nothing"u8.ToArray());
        Assert.That(reply.Result, Is.EqualTo(AbiResult.Refused), reply.ToString());
    }

    [Test]
    public async Task Sixty_four_megabytes_fit_into_one_value()
    {
        var table = await TableAsync($"v {TypeOf(AbiValueKind.Blob)}");
        var bytes = new byte[64 << 20];
        new Random(1).NextBytes(bytes);
        await RunAsync($"insert into {table} values ($1)", bytes);
        Assert.That((await RunAsync($"select v from {table}")).Values[0].Bytes.AsSpan().SequenceEqual(bytes), Is.True);
        await RunAsync($"drop table {table}");
    }
}
