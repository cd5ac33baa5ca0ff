using System.Text.Json.Serialization;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Catalog;

namespace EdgeGw.Control.Events;

// What events carry, as docs/admin-api.md says.

internal sealed record ReadyEvent(long Epoch);

internal sealed record MissedEvent(string Reason);

internal sealed record EpochEvent(long Number, string Action, string Reason, DateTimeOffset Created, IReadOnlyList<HandlerName> Handlers);

/// <summary>An endpoint came into another state, was changed, or (<paramref name="Deleted"/>) is not there any more.</summary>
internal sealed record EndpointEvent(string Id, string Name, long Revision, string State, string? StateReason, EndpointLive? Live, bool Deleted);

internal sealed record QuarantineEvent(string Handler, string Version, string Sha256, string Reason, long Crash, DateTimeOffset Since, long Epoch);

/// <summary>The traffic since the event before, <paramref name="Ms"/> ago. Percentiles are null where nothing was answered; <paramref name="Cpu"/> is a share of one processor.</summary>
internal sealed record MetricsEvent(
    DateTimeOffset Time, double Ms, int? Worker, double RequestsPerSecond, double ErrorsPerSecond, double? P50Ms, double? P99Ms, long InFlight, double Cpu, long RssBytes, IReadOnlyList<HandlerMetrics> Handlers);

internal sealed record HandlerMetrics(string Handler, double RequestsPerSecond, double ErrorsPerSecond, double? P50Ms, double? P99Ms, long InFlight, double Cpu, long? HeapBytes);

/// <summary>How events are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReadyEvent))]
[JsonSerializable(typeof(MissedEvent))]
[JsonSerializable(typeof(EpochEvent))]
[JsonSerializable(typeof(EndpointEvent))]
[JsonSerializable(typeof(QuarantineEvent))]
[JsonSerializable(typeof(MetricsEvent))]
[JsonSerializable(typeof(CrashLine))]
[JsonSerializable(typeof(DeploymentDocument))]
internal sealed partial class EventJson : JsonSerializerContext;
