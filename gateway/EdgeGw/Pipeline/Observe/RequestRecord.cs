using System.Text.Json.Serialization;

namespace EdgeGw.Pipeline.Observe;

/// <summary>One request, as the request log keeps it and the Admin API shows it. Times are milliseconds.</summary>
internal sealed record RequestRecord
{
    /// <summary>The worker's process that answered it.</summary>
    public required int Worker { get; init; }

    /// <summary>Counts the records of a worker.</summary>
    public long Number { get; set; }

    /// <summary>Its id.</summary>
    public required string RequestId { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Why it is here: <c>always</c>, <c>sample</c>, <c>error</c>, <c>slow</c> or <c>trace</c>.</summary>
    public required string Why { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The host that it named.</summary>
    public string? Host { get; init; }

    /// <summary>The route's pattern; null when none matched.</summary>
    public string? Route { get; init; }

    /// <summary>The path as it came, without the query; cut off at <c>RequestLog:PathCharacters</c>.</summary>
    public required string Path { get; init; }

    /// <summary><c>http</c> or <c>https</c>, as the client has it.</summary>
    public required string Scheme { get; init; }

    /// <summary>The protocol.</summary>
    public required string Protocol { get; init; }

    /// <summary>The client's address.</summary>
    public string? Client { get; init; }

    /// <summary>The answer's status; 499: the client left before its answer.</summary>
    public required int Status { get; init; }

    /// <summary>The handler; null when no route matched.</summary>
    public string? Handler { get; init; }

    /// <summary>Its version.</summary>
    public string? Version { get; init; }

    /// <summary>From the request's head to its end.</summary>
    public required double Ms { get; init; }

    /// <summary>Until its turn came.</summary>
    public required double QueueMs { get; init; }

    /// <summary>Inside the handler.</summary>
    public required double HandlerMs { get; init; }

    /// <summary>From the handler's end to the answer's.</summary>
    public required double ResponseMs { get; init; }

    /// <summary>Bytes of its body, as far as they were read.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes of the answer's body.</summary>
    public required long BytesOut { get; init; }

    /// <summary>What the handler said of its failure.</summary>
    public string? Error { get; init; }

    /// <summary>The trace that it belongs to; null for none.</summary>
    public string? TraceId { get; init; }

    /// <summary>Its spans' ids; null when it is not traced.</summary>
    public RequestTrace? Trace { get; init; }

    /// <summary>Its service calls, in the order of their beginning.</summary>
    public required IReadOnlyList<RequestSpan> Spans { get; init; }

    /// <summary>Service calls beyond <c>RequestLog:Spans</c>.</summary>
    public int SpansLost { get; init; }
}

/// <summary>A traced request's place in its trace.</summary>
/// <param name="Span">Its own span.</param>
/// <param name="Parent">Its client's; null when the trace begins here.</param>
/// <param name="Handler">Its handler's span; null when no handler had it.</param>
/// <param name="State">Its <c>tracestate</c>; null for none.</param>
internal sealed record RequestTrace(string Span, string? Parent, string? Handler, string? State);

/// <summary>One service call.</summary>
/// <param name="Kind">The kind of service.</param>
/// <param name="Name">The service's name.</param>
/// <param name="Operation">What was asked for.</param>
/// <param name="Target">Where it went, for http.</param>
/// <param name="AtMs">When it began, since the request came.</param>
/// <param name="Ms">How long it took.</param>
/// <param name="Outcome">How it ended (<see cref="EdgeGw.Services.ServiceOutcome"/>).</param>
/// <param name="Span">Its id; null when the request is not traced.</param>
internal sealed record RequestSpan(string Kind, string Name, string Operation, string? Target, double AtMs, double Ms, string Outcome, string? Span);

/// <summary>How records are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RequestRecord))]
[JsonSerializable(typeof(IReadOnlyList<RequestRecord>))]
internal sealed partial class RequestJson : JsonSerializerContext;
