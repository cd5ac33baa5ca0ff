using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using EdgeGw.Epochs;
using EdgeGw.Tests.ServiceLab;
using EdgeGw.Tests.Support;
using StackExchange.Redis;

namespace EdgeGw.Bench;

/// <summary>What the gateway's actor and its table add to a get on Redis, beside the client library used directly, and what a get of the embedded cache costs.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet ends it by its cleanup.")]
public class CacheBench
{
    private const int AtOnce = 64;

    private readonly Task<Lease<byte>?>[] _under = new Task<Lease<byte>?>[AtOnce];
    private readonly byte[] _key = "some-key"u8.ToArray();
    private RedisServer _server = null!;
    private ConnectionMultiplexer _connection = null!;
    private TemporaryFolder _state = null!;
    private Lab _lab = null!;
    private LabExchange _exchange = null!;
    private CacheGets _gets = null!;

    [Params(100, 10_000)]
    public int ValueBytes { get; set; }

    [GlobalSetup(Targets = [nameof(The_client_library), nameof(A_service_on_Redis)])]
    public async Task StartRedisAsync()
    {
        _server = await RedisServer.StartAsync();
        var options = EdgeGw.Services.Cache.Redis.RedisOptions.Create(new EdgeGw.Services.ServiceSettings(OnRedis(), "/"), 10_000);
        _connection = await ConnectionMultiplexer.ConnectAsync(options);
        await _connection.GetDatabase().StringSetAsync(_key, new byte[ValueBytes]);
        Start(OnRedis());
    }

    [GlobalSetup(Target = nameof(The_embedded_cache))]
    public void StartMemory() => Start(new EpochService { Kind = ServiceKinds.Cache, Name = "default", Provider = "memory" });

    [GlobalCleanup]
    public async Task StopAsync()
    {
        _gets.Dispose();
        _exchange.Dispose();
        await _lab.DisposeAsync();
        _state.Dispose();
        if (_server is not null)
        {
            await _connection.DisposeAsync();
            await _server.DisposeAsync();
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = AtOnce)]
    public async Task<long> The_client_library()
    {
        var database = _connection.GetDatabase();
        for (var i = 0; i < AtOnce; i++)
        {
            _under[i] = database.StringGetLeaseAsync(_key);
        }
        var bytes = 0L;
        foreach (var get in _under)
        {
            using var value = await get.ConfigureAwait(false);
            bytes += value!.Length;
        }
        return bytes;
    }

    [Benchmark(OperationsPerInvoke = AtOnce)]
    public long A_service_on_Redis() => _gets.Run(AtOnce);

    [Benchmark(OperationsPerInvoke = AtOnce)]
    public long The_embedded_cache() => _gets.Run(AtOnce);

    private EpochService OnRedis() => new()
    {
        Kind = ServiceKinds.Cache,
        Name = "default",
        Provider = "redis",
        PoolSize = AtOnce,
        Settings = new Dictionary<string, string> { ["host"] = "127.0.0.1", ["port"] = $"{_server.Port}" },
    };

    private void Start(EpochService service)
    {
        _state = new TemporaryFolder();
        _lab = new Lab(_state.Root, service);
        _exchange = _lab.Begin();
        _gets = new CacheGets(_exchange, _key);
    }
}
