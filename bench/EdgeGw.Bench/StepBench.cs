using BenchmarkDotNet.Attributes;
using EdgeGw.Interop;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Admit;
using EdgeGw.Pipeline.Match;
using EdgeGw.Pipeline.Pin;
using EdgeGw.Pipeline.Run;

namespace EdgeGw.Bench;

/// <summary>The steps of a request one by one, each from the state that the one before it leaves. Sending is <see cref="EncodeBench"/>, all of them together <see cref="PipelineBench"/>.</summary>
public class StepBench : IDisposable
{
    private readonly OneRequest _request = new("/nothing?verbose=1");
    private InProcessGateway _gateway = null!;
    private Exchange _exchange = null!;
    private ulong _id;

    [GlobalSetup]
    public void Setup()
    {
        _gateway = new InProcessGateway();
        if (!Admission.TryAdmit(_gateway.Context, out var exchange))
        {
            throw new InvalidOperationException("The gateway is full.");
        }
        _exchange = exchange;
        _request.Begin();
        exchange.Attach(_request.Features);
        if (Accept() != (int)TargetError.None || !Match())
        {
            throw new InvalidOperationException("The request has no route.");
        }
    }

    /// <summary>Only for the question of a handler: the exchange is open to it.</summary>
    [GlobalSetup(Target = nameof(Header_lookup))]
    public void SetupOpen()
    {
        Setup();
        _exchange.Open(_exchange.Route!.Version.Ordinal);
        _id = _exchange.Id;
        if (Header_lookup() != "bench".Length)
        {
            throw new InvalidOperationException("The header is not found.");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _gateway.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A place inside and an exchange, and both given back.</summary>
    [Benchmark]
    public bool Admit()
    {
        var admitted = Admission.TryAdmit(_gateway.Context, out var exchange);
        _gateway.Context.Exchanges.Return(exchange!);
        _gateway.Context.Gate.Exit();
        return admitted;
    }

    /// <summary>The request's id, the framing and the target.</summary>
    [Benchmark]
    public int Accept()
    {
        _exchange.Memory.Reset();
        _exchange.RequestId.Assign(Acceptance.ClientRequestId(_exchange));
        return Framing.IsSound(_exchange.Request) ? (int)Acceptance.Read(_exchange) : -1;
    }

    /// <summary>The route, of two.</summary>
    [Benchmark]
    public bool Match() => Matching.TryMatch(_exchange, _gateway.Epochs.Current);

    /// <summary>The route's turn and the version's lease, and both given back.</summary>
    [Benchmark]
    public bool Pin()
    {
        var pinned = Pinning.TryPin(_exchange, _gateway.Epochs, out _);
        _exchange.Lease!.Exit();
        _exchange.Lease = null;
        _exchange.Route!.State.Gate.Exit();
        _exchange.Route.Version.Concurrency?.Exit();
        return pinned;
    }

    /// <summary>The exchange opened, the record of the request, the call into a library that does nothing, the exchange closed.</summary>
    [Benchmark]
    public int Run() => (int)Running.Run(_exchange);

    /// <summary>Lease, blame slot, the call into a library that does nothing and back.</summary>
    [Benchmark]
    public int Call_with_lease_and_blame_slot()
    {
        var route = _exchange.Route!;
        if (!route.Version.TryEnter(out var lease))
        {
            return -1;
        }
        var result = HandlerCall.Invoke(route.Version.Library!, route.Index, _exchange.Memory);
        lease.Exit();
        return (int)result;
    }

    /// <summary>A handler's call for a header, from out of managed code: a native one's has one change of mode less.</summary>
    [Benchmark]
    public int Header_lookup()
    {
        _exchange.Memory.Reset();
        return HeaderLookup.Ask(_id, "User-Agent"u8);
    }
}
