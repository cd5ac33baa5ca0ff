namespace EdgeGw.Configuration;

/// <summary>The rows of <see cref="SettingTable"/> for the request log and for telemetry.</summary>
internal static class ObservabilityRows
{
    private const long Day = 86_400_000;

    /// <summary>The keys.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new BooleanSetting("RequestLog:Enabled", s => s.RequestLog.Enabled, (s, v) => s.RequestLog.Enabled = v,
            "Whether the last requests of each handler are kept in memory, for `edgegw requests` and the Admin API."),
        new IntegerSetting("RequestLog:Always", s => s.RequestLog.Always, (s, v) => s.RequestLog.Always = (int)v, 0, 1_000_000,
            "Requests of each second that are recorded whatever they are, so that a quiet gateway shows every one."),
        new NumberSetting("RequestLog:Sample", s => s.RequestLog.Sample, (s, v) => s.RequestLog.Sample = v, 0, 1,
            "The share of the others that is recorded. Answers of 500 and above and slow ones are always recorded."),
        new IntegerSetting("RequestLog:SlowMs", s => s.RequestLog.SlowMs, (s, v) => s.RequestLog.SlowMs = (int)v, 1, Day,
            "Milliseconds from which an answer is slow."),
        new IntegerSetting("RequestLog:PerSecond", s => s.RequestLog.PerSecond, (s, v) => s.RequestLog.PerSecond = (int)v, 1, 1_000_000,
            "Requests recorded in a second at most, failed and slow ones too; others are counted (`edgegw_request_log_skipped_total`)."),
        new IntegerSetting("RequestLog:Keep", s => s.RequestLog.Keep, (s, v) => s.RequestLog.Keep = (int)v, 1, 100_000,
            "Requests kept of each handler, and as many again that failed or were slow."),
        new IntegerSetting("RequestLog:Spans", s => s.RequestLog.Spans, (s, v) => s.RequestLog.Spans = (int)v, 0, 1_024,
            "Service calls kept of one request, in its record and in its trace."),
        new IntegerSetting("RequestLog:PathCharacters", s => s.RequestLog.PathCharacters, (s, v) => s.RequestLog.PathCharacters = (int)v, 16, 16_384,
            "Characters kept of a path; a query is never kept."),

        new TextSetting("Telemetry:OtlpEndpoint", s => s.Telemetry.OtlpEndpoint, (s, v) => s.Telemetry.OtlpEndpoint = v, SettingRule.CollectorUrl,
            "The base URL of an OpenTelemetry collector that takes OTLP over HTTP, such as `http://127.0.0.1:4318`; `/v1/traces` and `/v1/metrics` are added. Empty: nothing is traced or sent."),
        new ListSetting("Telemetry:OtlpHeaders", s => s.Telemetry.OtlpHeaders, (s, v) => s.Telemetry.OtlpHeaders = v, SettingRule.HeaderLine, 0,
            "Headers of each request to the collector."),
        new TextSetting("Telemetry:OtlpHeadersFile", s => s.Telemetry.OtlpHeadersFile, (s, v) => s.Telemetry.OtlpHeadersFile = v, SettingRule.ExistingFile,
            "File with more headers, `NAME=VALUE` a line: for those that are secret."),
        new BooleanSetting("Telemetry:Traces", s => s.Telemetry.Traces, (s, v) => s.Telemetry.Traces = v,
            "Whether traces are sent to the collector."),
        new BooleanSetting("Telemetry:Metrics", s => s.Telemetry.Metrics, (s, v) => s.Telemetry.Metrics = v,
            "Whether metrics are sent to the collector."),
        new TextSetting("Telemetry:ServiceName", s => s.Telemetry.ServiceName, (s, v) => s.Telemetry.ServiceName = v, SettingRule.ServiceName,
            "The resource attribute `service.name` of all that is sent."),
        new NumberSetting("Telemetry:TraceRatio", s => s.Telemetry.TraceRatio, (s, v) => s.Telemetry.TraceRatio = v, 0, 1,
            "The share of the requests without a `traceparent` that is traced; for the others their client has decided."),
        new IntegerSetting("Telemetry:MaxTracesPerSecond", s => s.Telemetry.MaxTracesPerSecond, (s, v) => s.Telemetry.MaxTracesPerSecond = (int)v, 1, 1_000_000,
            "Requests traced in a second at most, whoever has decided it; others are not traced."),
        new BooleanSetting("Telemetry:Propagate", s => s.Telemetry.Propagate, (s, v) => s.Telemetry.Propagate = v,
            "Whether requests that a handler sends with an http service carry `traceparent` and `tracestate` of the request that it answers."),
        new IntegerSetting("Telemetry:TraceIntervalMs", s => s.Telemetry.TraceIntervalMs, (s, v) => s.Telemetry.TraceIntervalMs = (int)v, 100, Day,
            "Milliseconds between two exports of traces."),
        new IntegerSetting("Telemetry:MetricIntervalMs", s => s.Telemetry.MetricIntervalMs, (s, v) => s.Telemetry.MetricIntervalMs = (int)v, 1_000, Day,
            "Milliseconds between two exports of metrics."),
        new IntegerSetting("Telemetry:Queue", s => s.Telemetry.Queue, (s, v) => s.Telemetry.Queue = (int)v, 1, 1_000_000,
            "Traced requests that may wait to be sent; the oldest are dropped and counted (`edgegw_control_telemetry_dropped_total`)."),
        new IntegerSetting("Telemetry:Batch", s => s.Telemetry.Batch, (s, v) => s.Telemetry.Batch = (int)v, 1, 10_000,
            "Traced requests sent to the collector at once."),
        new IntegerSetting("Telemetry:TimeoutMs", s => s.Telemetry.TimeoutMs, (s, v) => s.Telemetry.TimeoutMs = (int)v, 100, 600_000,
            "Milliseconds that the collector has to answer."),
    ];
}
