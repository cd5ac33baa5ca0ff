using BenchmarkDotNet.Attributes;
using EdgeGw.Blame;
using EdgeGw.Interop;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Accept;

namespace EdgeGw.Bench;

/// <summary>What it costs to know, when the process dies, who was inside which call: a slot around each call, and a record of each request. The bound is 10 ns for both.</summary>
public class BlameBench
{
    private readonly RequestId _numbered = new();
    private readonly RequestId _named = new();
    private readonly ulong _exchange = ExchangeId.Compose(3, 7, 1);

    [GlobalSetup]
    public void Setup()
    {
        SharedMemory.Open();
        _numbered.Assign(null);
        _named.Assign("7a1f4c1e-0d0a-4a53-9f41-4d2ad9a0f4cb");
    }

    [Benchmark(Baseline = true)]
    public void A_call()
    {
        var call = BlamedCall.Enter(CallPhase.Handle, _exchange);
        call.Leave();
    }

    [Benchmark]
    public void A_call_within_a_call()
    {
        var outer = BlamedCall.Enter(CallPhase.Handle, _exchange);
        var inner = BlamedCall.Enter(CallPhase.Reply, _exchange);
        inner.Leave();
        outer.Leave();
    }

    [Benchmark]
    public void A_request_and_its_call()
    {
        BlameMemory.Begin(_exchange, _numbered.Value);
        var call = BlamedCall.Enter(CallPhase.Handle, _exchange);
        call.Leave();
        BlameMemory.End(3);
    }

    [Benchmark]
    public void A_request_with_its_clients_id_and_its_call()
    {
        BlameMemory.Begin(_exchange, _named.Value);
        var call = BlamedCall.Enter(CallPhase.Handle, _exchange);
        call.Leave();
        BlameMemory.End(3);
    }
}
