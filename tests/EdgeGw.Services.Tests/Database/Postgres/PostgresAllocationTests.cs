using EdgeGw.Interop;
using EdgeGw.Services.Database;
using EdgeGw.Services.Database.Postgres;

namespace EdgeGw.Services.Tests.Database.Postgres;

/// <summary>What a call costs in managed memory.</summary>
[TestFixture]
internal sealed class PostgresAllocationTests
{
    private const int Calls = 2_000;
    // What Npgsql allocates by itself for the same statement, and some room.
    private const long MostBytes = 2_048;

    [Test]
    public async Task A_select_in_steady_state_allocates_little_more_than_Npgsql_does()
    {
        using var state = new TemporaryFolder();
        await using var server = await PostgresServer.StartAsync();
        await server.SqlAsync("create table items as select i::bigint as id, 'item ' || i as name, i / 2.0 as price, now() as made from generate_series(1, 100) i; alter table items add primary key (id)");
        await using var backend = PostgresBackend.Create(PostgresSetup.Config(server, 4, ("password", PostgresServer.Password)), state.Root, TimeProvider.System);
        var sql = "select id, name, price, made from items where id = $1"u8.ToArray();
        var parameters = new ServiceValue[1];
        var reply = new ReplyBuilder();
        var found = 0ul;
        for (var i = 0; i < Calls; i++)
        {
            await CallAsync(i);
        }
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Calls; i++)
        {
            await CallAsync(i);
        }
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls;
        TestContext.Out.WriteLine($"{bytes} B per select");
        Assert.That(found, Is.EqualTo(2 * Calls));
        Assert.That(bytes, Is.LessThan(MostBytes));

        async ValueTask CallAsync(int i)
        {
            parameters[0] = new ServiceValue(AbiValueKind.Int64, (i % 100) + 1, default, null);
            var connection = await backend.RentAsync(default);
            var rows = await connection.QueryAsync(new DatabaseStatement(sql, parameters), default);
            await rows.WritePageAsync(reply, 0, 1 << 20, default);
            await rows.CloseAsync();
            await connection.ReturnAsync();
            found += reply.Rows;
            reply.Reset();
        }
    }
}
