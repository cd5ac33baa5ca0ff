using EdgeGw.Epochs;

namespace EdgeGw.Cache.Tests;

/// <summary>The embedded cache.</summary>
internal sealed class MemoryCacheTests : CacheBehaviour
{
    protected override Task<EpochService> ServiceAsync() => Task.FromResult(new EpochService
    {
        Kind = ServiceKinds.Cache,
        Name = "default",
        Provider = "memory",
        Settings = new Dictionary<string, string> { ["maxEntryBytes"] = "1048576" },
    });
}
