using BenchmarkDotNet.Attributes;

namespace EdgeGw.Bench;

/// <summary>The whole way of a request through the gateway, Kestrel and the socket left out: the difference between the two handlers is what the calls through the ABI cost.</summary>
public class PipelineBench : IDisposable
{
    private readonly InProcessGateway _gateway = new();
    private readonly OneRequest _ok = new("/ok");
    private readonly OneRequest _nothing = new("/nothing");
    private readonly OneRequest _missing = new("/missing");

    [GlobalCleanup]
    public void Dispose()
    {
        _gateway.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Match, lease, one call into the library, nothing written.</summary>
    [Benchmark(Baseline = true)]
    public Task A_handler_that_does_nothing() => _gateway.ServeAsync(_nothing);

    /// <summary>The same, and two calls back: a header and a body of JSON.</summary>
    [Benchmark]
    public Task A_handler_that_writes_JSON() => _gateway.ServeAsync(_ok);

    /// <summary>No library at all: 404 as problem+json.</summary>
    [Benchmark]
    public Task No_route() => _gateway.ServeAsync(_missing);
}
