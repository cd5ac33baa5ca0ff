using EdgeGw.Epochs;

namespace EdgeGw.Services.Tests.Database.Postgres;

/// <summary>The common sentences on a PostgreSQL server.</summary>
[TestFixture]
internal sealed partial class PostgresDatabaseTests : DatabaseTests
{
    private PostgresServer _server = null!;

    protected override string BytesType => "bytea";

    protected override async Task<EpochService> ConfigAsync()
    {
        _server = await PostgresServer.StartAsync();
        return PostgresSetup.Config(_server);
    }

    [OneTimeTearDown]
    public async Task StopServerAsync() => await _server.DisposeAsync();
}
