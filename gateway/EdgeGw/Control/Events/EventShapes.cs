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

/// <summary>A build of an endpoint began to wait, began, or is over; <paramref name="Errors"/> counts what the compilers object to.</summary>
internal sealed record BuildEvent(string Id, string Endpoint, string State, int Errors, bool Cached, long? Deployment, DateTimeOffset Created);

/// <summary>A trial <c>began</c>, was <c>promoted</c>, or <c>ended</c> otherwise, as <paramref name="Reason"/> says.</summary>
internal sealed record CanaryEvent(string Handler, string Version, string Sha256, double Percent, string State, string Reason, long Epoch);

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
[JsonSerializable(typeof(BuildEvent))]
[JsonSerializable(typeof(CanaryEvent))]
[JsonSerializable(typeof(QuarantineEvent))]
[JsonSerializable(typeof(MetricsEvent))]
[JsonSerializable(typeof(CrashLine))]
[JsonSerializable(typeof(DeploymentDocument))]
internal sealed partial class EventJson : JsonSerializerContext;
