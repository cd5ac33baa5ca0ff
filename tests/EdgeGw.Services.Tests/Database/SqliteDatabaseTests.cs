using EdgeGw.Epochs;

namespace EdgeGw.Services.Tests.Database;

/// <summary>The embedded database.</summary>
[TestFixture]
internal sealed partial class SqliteDatabaseTests : DatabaseTests
{
    protected override string TypeOf(AbiValueKind kind) => kind switch
    {
        AbiValueKind.Int64 => "bigint",
        AbiValueKind.Double => "double precision",
        AbiValueKind.Numeric => "numeric_text",
        AbiValueKind.Timestamp => "timestamptz",
        AbiValueKind.LocalTimestamp => "timestamp",
        var other => other.ToString(),
    };

    protected override Task<EpochService> ConfigAsync() => Task.FromResult(new EpochService { Kind = ServiceKinds.Database, Name = "main", Provider = "sqlite", PoolSize = 4 });
}
