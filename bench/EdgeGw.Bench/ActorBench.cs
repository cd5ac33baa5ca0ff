using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using EdgeGw.Epochs;
using EdgeGw.Services;
using EdgeGw.Tests.ServiceLab;
using EdgeGw.Tests.Support;

namespace EdgeGw.Bench;

/// <summary>The gateway's own part of one call of a service: table, actor, reply and callback, with a backend that costs nothing.</summary>
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet ends it by its cleanup.")]
public class ActorBench
{
    private const int AtOnce = 64;

    private readonly TemporaryFolder _state = new();
    private AnsweringCache _backend = null!;
    private Lab _lab = null!;
    private LabExchange _exchange = null!;
    private CacheGets _gets = null!;

    [GlobalSetup(Target = nameof(Answered_at_once))]
    public Task AnswerAtOnceAsync() => StartAsync(together: 1);

    [GlobalSetup(Target = nameof(Answered_later))]
    public Task AnswerTogetherAsync() => StartAsync(AtOnce);

    [GlobalCleanup]
    public async Task StopAsync()
    {
        _gets.Dispose();
        _exchange.Dispose();
        await _lab.DisposeAsync();
        _state.Dispose();
    }

    [Benchmark(OperationsPerInvoke = AtOnce)]
    public long Answered_at_once() => _gets.Run(AtOnce);

    /// <summary>As from a server: each call is left waiting, and goes on when its answer comes.</summary>
    [Benchmark(OperationsPerInvoke = AtOnce)]
    public long Answered_later()
    {
        _gets.Start(AtOnce);
        _backend.AnswerAll();
        return _gets.Wait();
    }

    private async Task StartAsync(int together)
    {
        var service = new EpochService { Kind = ServiceKinds.Cache, Name = "default", Provider = "memory", PoolSize = AtOnce };
        _lab = new Lab(_state.Root, service);
        _backend = new AnsweringCache(together);
        var slot = _lab.Context.Services.Slots.Single(slot => slot.Kind == ServiceKinds.Cache && slot.Name == "default");
        await slot.Actor!.DisposeAsync();
        slot.Actor = new ServiceActor(service, _backend, _lab.Context.Log, TimeProvider.System);
        _exchange = _lab.Begin();
        _gets = new CacheGets(_exchange, "some-key"u8);
    }
}
