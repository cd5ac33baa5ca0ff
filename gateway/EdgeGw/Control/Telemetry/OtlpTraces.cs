using EdgeGw.Pipeline.Observe;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Telemetry;

/// <summary>Makes spans of records: the request's, its handler's below it, and one for each service call below that. The field numbers are those of opentelemetry-proto 1.9,
/// opentelemetry/proto/trace/v1/trace.proto; the attributes' names are OpenTelemetry's semantic conventions for HTTP (1.37), or begin with <c>edgegw.</c>.</summary>
internal static class OtlpTraces
{
    // ScopeSpans
    private const int Spans = 2;
    // Span
    private const int TraceIdField = 1;
    private const int SpanId = 2;
    private const int State = 3;
    private const int ParentSpanId = 4;
    private const int Name = 5;
    private const int Kind = 6;
    private const int Start = 7;
    private const int End = 8;
    private const int Attributes = 9;
    private const int StatusField = 15;
    private const int Flags = 16;
    // SpanKind
    private const int Internal = 1;
    private const int Server = 2;
    private const int Client = 3;
    // Status
    private const int Message = 2;
    private const int Code = 3;
    private const int Error = 2;
    // SpanFlags: bits 8 and 9 say whether the parent is in another process; the lowest one is "sampled".
    private const uint Sampled = 0x001;
    private const uint RemoteIsKnown = 0x100;
    private const uint IsRemote = 0x200;

    /// <summary>An ExportTraceServiceRequest.</summary>
    internal static ReadOnlyMemory<byte> Write(OtlpResource resource, IReadOnlyList<RequestRecord> records) => resource.Write(to =>
    {
        foreach (var record in records)
        {
            if (record is { Trace: { } trace, TraceId: { } id })
            {
                Request(to, record, id, trace);
            }
        }
    });

    private static void Request(ProtoWriter to, RequestRecord record, string id, RequestTrace trace)
    {
        var began = OtlpResource.Nanoseconds(record.Time);
        var span = Begin(to, id, trace.Span, trace.Parent, trace.State, record.Route is null ? record.Method : $"{record.Method} {record.Route}", Server, began, began + OtlpResource.Nanoseconds(record.Ms));
        to.Fixed(Flags, Sampled | RemoteIsKnown | (trace.Parent is null ? 0 : IsRemote));
        OtlpResource.Attribute(to, Attributes, "http.request.method", record.Method);
        OtlpResource.Attribute(to, Attributes, "url.path", record.Path);
        OtlpResource.Attribute(to, Attributes, "http.route", record.Route);
        OtlpResource.Attribute(to, Attributes, "http.response.status_code", record.Status);
        OtlpResource.Attribute(to, Attributes, "url.scheme", record.Scheme);
        if (record.Host is { Length: > 0 })
        {
            var host = new HostString(record.Host);
            OtlpResource.Attribute(to, Attributes, "server.address", host.Host);
            if (host.Port is { } port)
            {
                OtlpResource.Attribute(to, Attributes, "server.port", port);
            }
        }
        OtlpResource.Attribute(to, Attributes, "client.address", record.Client);
        OtlpResource.Attribute(to, Attributes, "network.protocol.name", "http");
        OtlpResource.Attribute(to, Attributes, "network.protocol.version", record.Protocol.StartsWith("HTTP/", StringComparison.Ordinal) ? record.Protocol[5..] : record.Protocol);
        OtlpResource.Attribute(to, Attributes, "http.request.body.size", record.BytesIn);
        OtlpResource.Attribute(to, Attributes, "http.response.body.size", record.BytesOut);
        OtlpResource.Attribute(to, Attributes, "edgegw.request_id", record.RequestId);
        OtlpResource.Attribute(to, Attributes, "edgegw.worker", record.Worker);
        // A client's mistake is no failure of the server's (semantic conventions, "HTTP server span": status).
        if (record.Status >= 500)
        {
            OtlpResource.Attribute(to, Attributes, "error.type", OtlpResource.Number(record.Status));
            Failed(to, record.Error);
        }
        to.End(span);
        if (trace.Handler is not null)
        {
            var queued = OtlpResource.Nanoseconds(record.QueueMs);
            var handler = Begin(to, id, trace.Handler, trace.Span, null, $"handler {record.Handler}", Internal, began + queued, began + queued + OtlpResource.Nanoseconds(record.HandlerMs));
            to.Fixed(Flags, Sampled | RemoteIsKnown);
            OtlpResource.Attribute(to, Attributes, "edgegw.handler", record.Handler);
            OtlpResource.Attribute(to, Attributes, "edgegw.handler.version", record.Version);
            if (record.Error is not null)
            {
                Failed(to, record.Error);
            }
            to.End(handler);
        }
        foreach (var call in record.Spans)
        {
            Call(to, id, trace.Handler ?? trace.Span, began + OtlpResource.Nanoseconds(call.AtMs), call);
        }
    }

    private static void Call(ProtoWriter to, string id, string parent, long began, RequestSpan call)
    {
        if (call.Span is null)
        {
            return;
        }
        var span = Begin(to, id, call.Span, parent, null, $"{call.Operation} {call.Kind}:{call.Name}", Client, began, began + OtlpResource.Nanoseconds(call.Ms));
        to.Fixed(Flags, Sampled | RemoteIsKnown);
        OtlpResource.Attribute(to, Attributes, "edgegw.service.kind", call.Kind);
        OtlpResource.Attribute(to, Attributes, "edgegw.service.name", call.Name);
        OtlpResource.Attribute(to, Attributes, "edgegw.service.operation", call.Operation);
        OtlpResource.Attribute(to, Attributes, "edgegw.service.outcome", call.Outcome);
        OtlpResource.Attribute(to, Attributes, "server.address", call.Target);
        if (call.Outcome != "answered")
        {
            OtlpResource.Attribute(to, Attributes, "error.type", call.Outcome);
            Failed(to, null);
        }
        to.End(span);
    }

    private static int Begin(ProtoWriter to, string id, string span, string? parent, string? state, string name, int kind, long start, long end)
    {
        var begun = to.Begin(Spans);
        to.Hex(TraceIdField, id);
        to.Hex(SpanId, span);
        if (state is not null)
        {
            to.Text(State, state);
        }
        if (parent is not null)
        {
            to.Hex(ParentSpanId, parent);
        }
        to.Text(Name, name);
        to.Integer(Kind, kind);
        to.Fixed(Start, start);
        to.Fixed(End, end);
        return begun;
    }

    private static void Failed(ProtoWriter to, string? message)
    {
        var status = to.Begin(StatusField);
        if (message is not null)
        {
            to.Text(Message, message);
        }
        to.Integer(Code, Error);
        to.End(status);
    }
}
