namespace EdgeGw.Configuration;

/// <summary>Traces and metrics for a collector (OTLP over HTTP).</summary>
internal sealed class TelemetrySettings
{
    /// <summary>The collector's base URL, to which <c>/v1/traces</c> and <c>/v1/metrics</c> are added; empty: nothing is sent.</summary>
    public string OtlpEndpoint { get; set; } = "";
    /// <summary>Headers of each request to it, as <c>Name=value</c>.</summary>
    public List<string> OtlpHeaders { get; set; } = [];
    /// <summary>A file with more of them, a line each, for those that are secret; null for none.</summary>
    public string? OtlpHeadersFile { get; set; }
    /// <summary>Whether traces are sent.</summary>
    public bool Traces { get; set; } = true;
    /// <summary>Whether metrics are sent.</summary>
    public bool Metrics { get; set; } = true;
    /// <summary>The <c>service.name</c> of all that is sent.</summary>
    public string ServiceName { get; set; } = "edgegw";
    /// <summary>The share of the requests without a sampling decision of their client's that is traced, 0 to 1.</summary>
    public double TraceRatio { get; set; } = 1;
    /// <summary>Requests traced in a second at most, whoever decided it.</summary>
    public int MaxTracesPerSecond { get; set; } = 100;
    /// <summary>Whether the http calls of a handler carry its request's <c>traceparent</c> and <c>tracestate</c>.</summary>
    public bool Propagate { get; set; } = true;
    /// <summary>Milliseconds between two exports of traces.</summary>
    public int TraceIntervalMs { get; set; } = 2_000;
    /// <summary>Milliseconds between two exports of metrics.</summary>
    public int MetricIntervalMs { get; set; } = 60_000;
    /// <summary>Requests whose spans may wait to be sent; the oldest are dropped for newer ones.</summary>
    public int Queue { get; set; } = 2_048;
    /// <summary>Requests whose spans are sent at once.</summary>
    public int Batch { get; set; } = 256;
    /// <summary>Milliseconds the collector has to answer.</summary>
    public int TimeoutMs { get; set; } = 10_000;
}
