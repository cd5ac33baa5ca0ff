using EdgeGw.Services;
using EdgeGw.Services.Cache.Redis;
using StackExchange.Redis;

namespace EdgeGw.Cache.Tests;

/// <summary>What a get costs beside the client library used directly.</summary>
internal sealed class RedisAllocationTests
{
    private const int Calls = 20_000;
    private const int AtOnce = 50;

    private static readonly Task<Lease<byte>?>[] s_under = new Task<Lease<byte>?>[AtOnce];
    private static readonly byte[] s_key = "some-key"u8.ToArray();

    [Test]
    public async Task A_get_allocates_no_more_than_the_client_library_does()
    {
        await using var server = await RedisServer.StartAsync();
        var service = OneRedis.ServiceOn(server) with { PoolSize = AtOnce };
        await using var connection = await ConnectionMultiplexer.ConnectAsync(RedisOptions.Create(new ServiceSettings(service, "/"), service.TimeoutMs));
        await using var lab = new RedisLab(service);
        await lab.Cache.Set(s_key, new byte[1000]);
        using var gets = new CacheGets(lab.Exchange, s_key);
        // As in a gateway: on threads without a synchronization context, which a test's own thread has.
        var ours = await Task.Run(() => PerCall(() => gets.Run(AtOnce)));
        var direct = await Task.Run(() => PerCall(() => Direct(connection.GetDatabase())));
        TestContext.Out.WriteLine($"bytes per get: {ours:0.0} through the service, {direct:0.0} with the library alone");
        Assert.That(ours - direct, Is.LessThan(8), "a boxed value or a closure would be 24");
    }

    private static double PerCall(Action batch)
    {
        Repeat(batch);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Repeat(batch);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls;
    }

    private static void Repeat(Action batch)
    {
        for (var i = 0; i < Calls / AtOnce; i++)
        {
            batch();
        }
    }

    private static void Direct(IDatabase database)
    {
        for (var i = 0; i < AtOnce; i++)
        {
            s_under[i] = database.StringGetLeaseAsync(s_key);
        }
        foreach (var get in s_under)
        {
            get.GetAwaiter().GetResult()!.Dispose();
        }
    }
}
