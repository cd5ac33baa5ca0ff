using BenchmarkDotNet.Attributes;
using EdgeGw.Configuration;

namespace EdgeGw.Bench;

/// <summary>What the request log and traces add to the whole way of a request: nothing recorded, everything recorded, everything traced.</summary>
public class ObserveBench : IDisposable
{
    private readonly OneRequest _ok = new("/ok");
    private readonly OneRequest _traced = new("/ok", ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    private InProcessGateway _gateway = null!;

    /// <summary>What is switched on.</summary>
    [Params("off", "on, not recorded", "recorded", "tracing on, not traced", "traced and recorded")]
    public string Mode { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _gateway = new InProcessGateway(settings =>
    {
        var all = Mode.EndsWith("recorded", StringComparison.Ordinal) && !Mode.Contains("not", StringComparison.Ordinal) ? 1_000_000_000 : 0;
        settings.RequestLog = new RequestLogSettings { Enabled = Mode != "off", Always = all, Sample = 0, PerSecond = 1_000_000_000 };
        settings.Telemetry = new TelemetrySettings
        {
            OtlpEndpoint = Mode.StartsWith("trac", StringComparison.Ordinal) ? "http://127.0.0.1:4318" : "",
            TraceRatio = 0,
            MaxTracesPerSecond = 1_000_000_000,
        };
    });

    [GlobalCleanup]
    public void Dispose()
    {
        _gateway.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One that answers at once.</summary>
    [Benchmark]
    public Task A_request() => _gateway.ServeAsync(Mode == "traced and recorded" ? _traced : _ok);
}
