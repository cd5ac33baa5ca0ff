using EdgeGw.Epochs;

namespace EdgeGw.Services.Tests.Database;

/// <summary>The embedded database.</summary>
[TestFixture]
internal sealed class SqliteDatabaseTests : DatabaseTests
{
    protected override string BytesType => "blob";

    protected override Task<EpochService> ConfigAsync() => Task.FromResult(new EpochService { Kind = ServiceKinds.Database, Name = "main", Provider = "sqlite", PoolSize = 4 });
}
