using System.Text.Json.Serialization;

namespace EdgeGw.Control.Canaries;

/// <summary>What <c>GET /api/v1/canaries</c> answers (docs/admin-api.md).</summary>
internal sealed record CanariesDocument(IReadOnlyList<CanaryDocument> Canaries, IReadOnlyList<CanaryEnd> Ended);

/// <summary>One canary: the two versions, and both over what it is judged by.</summary>
internal sealed record CanaryDocument(
    string Handler, string LiveVersion, string Version, string Sha256, double Percent, DateTimeOffset Since, long? PromoteAfterMs, int Deaths, CanarySide Live, CanarySide Canary, string? Fault);

/// <summary>One side of the comparison; without latencies while there were no requests.</summary>
internal sealed record CanarySide(long Requests, long Errors, double? P50Ms, double? P99Ms);

/// <summary>One that is over: <c>promote</c> or <c>abort</c>, and why.</summary>
internal sealed record CanaryEnd(DateTimeOffset Time, string Outcome, string Reason);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CanariesDocument))]
internal sealed partial class CanariesJson : JsonSerializerContext;
