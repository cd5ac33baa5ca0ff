namespace EdgeGw.Tests.Support.Telemetry;

// What an OTLP request says, read by the published field numbers (opentelemetry-proto 1.9). OtlpReaderTests reads with them what OpenTelemetry's own exporter sends.

/// <summary>One span.</summary>
public sealed record ReceivedSpan(
    string TraceId, string SpanId, string ParentSpanId, string Name, int Kind, string State, ulong Start, ulong End, uint Flags, int Status, string StatusMessage, IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyDictionary<string, string> Resource)
{
    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<ReceivedSpan> Read(byte[] request) =>
        from resource in ProtoMessage.Read(request).Messages(1)
        let attributes = Received.Attributes(resource.Message(1)!, 1)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new ReceivedSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Number(6), span.Text(3), span.Number(7), span.Number(8), (uint)span.Number(16), (int)(span.Message(15)?.Number(3) ?? 0), span.Message(15)?.Text(2) ?? "",
            Received.Attributes(span, 9), attributes);
}

/// <summary>One point of a metric.</summary>
public sealed record ReceivedPoint(ulong Start, ulong Time, double Value, ulong Count, IReadOnlyList<ulong> Buckets, IReadOnlyList<double> Bounds, IReadOnlyDictionary<string, string> Attributes);

/// <summary>One metric.</summary>
public sealed record ReceivedMetric(string Name, string Description, string Unit, string Type, bool IsCumulative, bool IsMonotonic, IReadOnlyList<ReceivedPoint> Points)
{
    /// <summary>The metrics of an ExportMetricsServiceRequest.</summary>
    public static IEnumerable<ReceivedMetric> Read(byte[] request) =>
        from resource in ProtoMessage.Read(request).Messages(1)
        from scope in resource.Messages(2)
        from metric in scope.Messages(2)
        let type = metric.Has(5) ? 5 : metric.Has(7) ? 7 : 9
        let data = metric.Message(type)!
        select new ReceivedMetric(
            metric.Text(1), metric.Text(2), metric.Text(3), type switch { 5 => "gauge", 7 => "sum", _ => "histogram" }, data.Number(2) == 2, data.Number(3) == 1,
            [.. data.Messages(1).Select(point => type == 9
                ? new ReceivedPoint(point.Number(2), point.Number(3), point.Real(5), point.Number(4), point.Fixed64s(6), [.. point.Fixed64s(7).Select(BitConverter.UInt64BitsToDouble)], Received.Attributes(point, 9))
                : new ReceivedPoint(point.Number(2), point.Number(3), point.Has(6) ? (long)point.Number(6) : point.Real(4), 0, [], [], Received.Attributes(point, 7)))]);
}

internal static class Received
{
    /// <summary>Attributes, as text.</summary>
    internal static IReadOnlyDictionary<string, string> Attributes(ProtoMessage of, int field) => of.Messages(field).ToDictionary(
        attribute => attribute.Text(1),
        attribute => attribute.Message(2) is { } value ? value.Has(3) ? ((long)value.Number(3)).ToString(System.Globalization.CultureInfo.InvariantCulture) : value.Text(1) : "");
}
