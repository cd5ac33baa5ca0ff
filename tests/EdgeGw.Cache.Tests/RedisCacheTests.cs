using EdgeGw.Epochs;

namespace EdgeGw.Cache.Tests;

/// <summary>A cache on a real server, with a password and a prefix.</summary>
internal sealed class RedisCacheTests : CacheBehaviour
{
    protected override async Task<EpochService> ServiceAsync()
    {
        await OneRedis.Server.CliAsync("FLUSHALL");
        return OneRedis.ServiceOn(OneRedis.Server, ("password", "env:CACHE_TESTS_PASSWORD"), ("prefix", "egw:é:"), ("database", "3"), ("maxEntryBytes", "1048576"));
    }
}
