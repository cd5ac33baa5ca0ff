using EdgeGw.Epochs;

namespace EdgeGw.Services.Tests.Database.Postgres;

/// <summary>The common sentences on a PostgreSQL server.</summary>
[TestFixture]
internal sealed partial class PostgresDatabaseTests : DatabaseTests
{
    private PostgresServer _server = null!;

    protected override string TypeOf(AbiValueKind kind) => kind switch
    {
        AbiValueKind.Bool => "boolean",
        AbiValueKind.Int64 => "bigint",
        AbiValueKind.Double => "double precision",
        AbiValueKind.Blob => "bytea",
        AbiValueKind.Timestamp => "timestamptz",
        AbiValueKind.LocalTimestamp => "timestamp",
        var other => other.ToString(),
    };

    protected override async Task<EpochService> ConfigAsync()
    {
        _server = await PostgresServer.StartAsync();
        return PostgresSetup.Config(_server);
    }

    [OneTimeTearDown]
    public async Task StopServerAsync() => await _server.DisposeAsync();
}
