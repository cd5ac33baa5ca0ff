using BenchmarkDotNet.Attributes;
using EdgeGw.Pipeline;

namespace EdgeGw.Bench;

/// <summary>Writing a response the way the handler's calls do.</summary>
public class EncodeBench : IDisposable
{
    private readonly InProcessGateway _gateway = new();
    private readonly OneRequest _request = new("/ok");
    private readonly byte[] _body = new byte[4096];
    private Exchange? _exchange;

    [Params(64, 4096)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Rent() => _exchange = _gateway.Context.Exchanges.Rent();

    [GlobalCleanup]
    public void Dispose()
    {
        _gateway.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public void Copy_the_body() => _request.CopyToWriter(_body.AsSpan(0, Bytes));

    [Benchmark]
    public void Status_header_and_body()
    {
        var exchange = _exchange!;
        _request.Begin();
        exchange.Attach(_request.Features);
        exchange.Response.SetStatus(200);
        exchange.Response.AddHeader("Content-Type"u8, "application/json"u8);
        exchange.Response.Write(_body.AsSpan(0, Bytes));
        exchange.Response.Finish();
        exchange.Detach();
    }
}
