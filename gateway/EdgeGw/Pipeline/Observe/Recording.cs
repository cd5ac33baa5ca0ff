using System.Globalization;
using EdgeGw.Abi;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Services;

namespace EdgeGw.Pipeline.Observe;

/// <summary>Makes the record of a request that has ended.</summary>
internal static class Recording
{
    // nginx's number for it.
    private const int ClientGone = 499;
    private const int MaxText = 256;

    /// <summary>Records the request if it is to be. At its end, while its exchange still has everything.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="wasAnswered">Whether its client was there to the end.</param>
    /// <param name="elapsed">Microseconds since it came.</param>
    /// <param name="now">In timestamp ticks.</param>
    public static void End(Exchange exchange, bool wasAnswered, long elapsed, long now)
    {
        // Recorded where the handler is.
        if (exchange.WasAnsweredElsewhere)
        {
            return;
        }
        var context = exchange.Context;
        var status = wasAnswered ? exchange.Response.Status : ClientGone;
        var why = context.Requests.Wants(status, elapsed, now);
        if (context.Tracing.IsOn)
        {
            // A look into Kestrel's headers, where known ones have a place of their own. Nothing is made for a request that is not traced.
            exchange.Trace.Decide(exchange, now);
            why ??= exchange.Trace.IsTraced ? "trace" : null;
        }
        if (why is not null)
        {
            // From here on: what a recorded request costs is in docs/observability.md, and how many there are is bounded by RequestLog:PerSecond and Telemetry:MaxTracesPerSecond.
            context.Requests.Add(Make(exchange, why, status, elapsed, now));
        }
    }

    private static RequestRecord Make(Exchange exchange, string why, int status, long elapsed, long now)
    {
        var request = exchange.Request;
        var route = exchange.Route;
        var version = route?.Version.Config;
        var trace = exchange.Trace;
        trace.Read(exchange);
        var spans = exchange.Services.Spans;
        var (began, ended) = (exchange.TurnTaken == 0 ? exchange.Started : exchange.TurnTaken, exchange.HandlerEnded == 0 ? now : exchange.HandlerEnded);
        var (client, scheme) = Acceptance.Client(exchange);
        var hadHandler = exchange.Lease is not null;
        return new RequestRecord
        {
            Worker = Environment.ProcessId,
            RequestId = exchange.RequestId.ToString(),
            Time = exchange.Context.Time.GetUtcNow() - TimeSpan.FromMicroseconds(elapsed),
            Why = why,
            Method = request.Method,
            Host = Bounded(request.Headers.Host.ToString(), MaxText),
            Route = route?.Pattern.Text,
            Path = Bounded(PathOf(request.RawTarget), exchange.Context.RequestLogSettings.PathCharacters) ?? "",
            Scheme = scheme,
            Protocol = exchange.Origin?.Protocol ?? request.Protocol,
            Client = client?.ToString(),
            Status = status,
            Handler = version?.Name,
            Version = version?.Version,
            Ms = elapsed / 1e3,
            QueueMs = hadHandler ? Milliseconds(began - exchange.Started) : elapsed / 1e3,
            HandlerMs = hadHandler ? Milliseconds(ended - began) : 0,
            ResponseMs = hadHandler ? Milliseconds(now - ended) : 0,
            // What was announced is known of a request that was read far enough to have a route.
            BytesIn = route is null ? 0 : Math.Max(exchange.Memory.Fields.ContentLength, exchange.Body.Received),
            BytesOut = exchange.Response.Written,
            Error = Bounded(exchange.Error, MaxText),
            TraceId = trace.Trace.IsValid && (trace.IsTraced || trace.ParentSpan != 0) ? trace.Trace.ToString() : null,
            Trace = trace.IsTraced ? new RequestTrace(Hex(TraceId.CreateSpan()), trace.ParentSpan == 0 ? null : Hex(trace.ParentSpan), hadHandler ? Hex(TraceId.CreateSpan()) : null, trace.State) : null,
            Spans = Describe(spans.All, exchange.Started, trace.IsTraced),
            SpansLost = spans.Lost,
        };
    }

    private static RequestSpan[] Describe(ReadOnlySpan<CallSpan> calls, long started, bool isTraced)
    {
        if (calls.IsEmpty)
        {
            return [];
        }
        var spans = new RequestSpan[calls.Length];
        for (var i = 0; i < spans.Length; i++)
        {
            var call = calls[i];
            spans[i] = new RequestSpan(
                call.Slot.Kind, call.Slot.Name, call.Operation, Bounded(call.Target, MaxText), Milliseconds(call.Started - started), Milliseconds(call.Ended - call.Started), OutcomeOf(call.Result),
                isTraced ? Hex(call.Span == 0 ? TraceId.CreateSpan() : call.Span) : null);
        }
        Array.Sort(spans, static (a, b) => a.AtMs.CompareTo(b.AtMs));
        return spans;
    }

    private static string OutcomeOf(AbiResult result) => ServiceMetrics.OutcomeOf(result).ToString().ToLowerInvariant();

    // A query may carry secrets.
    private static string PathOf(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    private static string? Bounded(string? text, int most) => text is null || text.Length <= most ? text : text[..most] + "…";

    private static double Milliseconds(long ticks) => Math.Max(0, Clock.ToMicroseconds(ticks)) / 1e3;

    private static string Hex(ulong span) => span.ToString("x16", CultureInfo.InvariantCulture);
}
