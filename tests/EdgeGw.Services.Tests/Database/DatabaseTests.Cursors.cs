
namespace EdgeGw.Services.Tests.Database;

/// <summary>Results in pages.</summary>
internal abstract partial class DatabaseTests
{
    private const string Numbers = "with recursive c(n) as (select 1 union all select n + 1 from c where n < $1) select n from c";

    [Test]
    public async Task Pages_follow_each_other_without_gaps_and_end_by_themselves()
    {
        using var request = Host.Open();
        var seen = new List<long>();
        var reply = await request.Database.QueryPageAsync(0, 7, Numbers, 20);
        while (true)
        {
            Assert.That(reply.Result, Is.EqualTo(AbiResult.Ok), reply.ToString());
            Assert.That(reply.Names, Is.EqualTo(new[] { "n" }));
            seen.AddRange(reply.Values.Select(value => value.Integer));
            if (reply.Open == 0)
            {
                break;
            }
            Assert.That(reply.Rows, Is.EqualTo(7));
            reply = await request.Database.NextAsync(reply.Open);
        }
        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 20)));
        await IdleAsync();
    }

    [Test]
    public async Task A_page_that_is_exactly_full_is_the_last_one_when_nothing_follows()
    {
        using var request = Host.Open();
        var reply = await request.Database.QueryPageAsync(0, 5, Numbers, 5);
        Assert.That((reply.Rows, reply.Open), Is.EqualTo((5ul, 0ul)));
    }

    [Test]
    public async Task A_closed_cursor_is_gone_and_gives_its_connection_back()
    {
        using var request = Host.Open();
        var cursor = (await request.Database.QueryPageAsync(0, 1, Numbers, 1_000_000)).Open;
        Assert.That((await request.Database.CloseAsync(cursor)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.NextAsync(cursor)).Result, Is.EqualTo(AbiResult.InvalidState));
        Assert.That((await request.Database.CloseAsync(cursor)).Result, Is.EqualTo(AbiResult.InvalidState));
        await IdleAsync();
    }

    [Test]
    public async Task The_end_of_a_request_closes_its_cursors()
    {
        for (var i = 0; i < Config.PoolSize * 3; i++)
        {
            using var request = Host.Open();
            Assert.That((await request.Database.QueryPageAsync(0, 1, Numbers, 1_000_000)).Open, Is.Not.Zero);
        }
        await IdleAsync();
    }

    [Test]
    public async Task A_cursor_is_no_transaction_and_a_transaction_no_cursor()
    {
        using var request = Host.Open();
        var cursor = (await request.Database.QueryPageAsync(0, 1, Numbers, 10)).Open;
        var transaction = await BeginAsync(request);
        Assert.That((await request.Database.CommitAsync(cursor)).Result, Is.EqualTo(AbiResult.InvalidState));
        Assert.That((await request.Database.QueryPageAsync(cursor, 0, "select 1")).Result, Is.EqualTo(AbiResult.InvalidState));
        Assert.That((await request.Database.NextAsync(transaction)).Result, Is.EqualTo(AbiResult.InvalidState));
    }

    [Test]
    public async Task A_transaction_reads_in_pages_and_goes_on_after_them()
    {
        var table = await TableAsync("id bigint");
        await RunAsync($"insert into {table} values (1), (2), (3)");
        using var request = Host.Open();
        var transaction = await BeginAsync(request);
        var first = await request.Database.QueryPageAsync(transaction, 2, $"select id from {table} order by id");
        Assert.That((await request.Database.ExecuteInAsync(transaction, "select 1")).Result, Is.EqualTo(AbiResult.Busy), "the cursor has the connection");
        var second = await request.Database.NextAsync(first.Open);
        Assert.That(first.Values.Concat(second.Values).Select(value => value.Integer), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(second.Open, Is.Zero);
        var half = await request.Database.QueryPageAsync(transaction, 1, $"select id from {table}");
        Assert.That((await request.Database.CloseAsync(half.Open)).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That((await request.Database.ExecuteInAsync(transaction, $"insert into {table} values (4)")).Affected, Is.EqualTo(1));
        var last = await request.Database.QueryPageAsync(transaction, 1, $"select id from {table}");
        Assert.That(last.Open, Is.Not.Zero);
        Assert.That((await request.Database.CommitAsync(transaction)).Result, Is.EqualTo(AbiResult.Ok), "a commit closes the cursor");
        Assert.That((await request.Database.NextAsync(last.Open)).Result, Is.EqualTo(AbiResult.InvalidState));
        Assert.That(await OneAsync($"select count(*) from {table}"), Is.EqualTo("Int64 4"));
    }

    [Test]
    public async Task A_million_rows_take_no_more_memory_than_a_page()
    {
        using var request = Host.Open();
        const int Rows = 1_000_000;
        var sql = Numbers.Replace("select n from", "select n, 'a text of some length, so that all rows together are far more than a page', n * 0.5 from", StringComparison.Ordinal);
        var (rows, sum, most, pages) = (0UL, 0L, 0L, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var reply = await request.Database.QueryPageAsync(0, 0, sql, Rows);
        while (true)
        {
            Assert.That(reply.Result, Is.EqualTo(AbiResult.Ok), reply.ToString());
            rows += reply.Rows;
            for (var i = 0; i < reply.Values.Length; i += 3)
            {
                sum += reply.Values[i].Integer;
            }
            if (pages++ % 100 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
            }
            if (reply.Open == 0)
            {
                break;
            }
            reply = await request.Database.NextAsync(reply.Open);
        }
        Assert.That((rows, sum), Is.EqualTo(((ulong)Rows, (long)Rows * (Rows + 1) / 2)));
        TestContext.Out.WriteLine($"{pages} pages; live before {before >> 20} MiB, at most {most >> 20} MiB");
        // The rows together are more than 100 MiB. What the process has resident is looked at on the published binary; here it depends on when the runtime collects.
        Assert.That(most - before, Is.LessThan(16L << 20));
    }

    [Test]
    public async Task A_row_beyond_the_bound_is_refused_and_its_connection_goes_on()
    {
        Host.Use(Config with { Settings = new Dictionary<string, string>(Config.Settings) { ["maxRowBytes"] = "1024" } });
        try
        {
            using var request = Host.Open();
            var reply = await request.Database.QueryAsync("select cast($1 as text), cast($2 as text)", new string('a', 600), new string('b', 600));
            Assert.That(reply.Result, Is.EqualTo(AbiResult.TooLarge), reply.ToString());
            Assert.That(reply.Error, Does.Contain("maxRowBytes"));
            Assert.That((await request.Database.QueryAsync("select 1")).Result, Is.EqualTo(AbiResult.Ok));
        }
        finally
        {
            Host.Use(Config);
        }
    }
}
