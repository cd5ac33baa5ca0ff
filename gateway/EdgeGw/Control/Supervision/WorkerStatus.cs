using System.Text.Json.Serialization;

namespace EdgeGw.Control.Supervision;

/// <summary>A worker's answer to <c>GET /status</c>.</summary>
internal sealed record WorkerStatus
{
    public int Pid { get; init; }
    public long Epoch { get; init; }
    public bool Ready { get; init; }
    public IReadOnlyList<string> Reasons { get; init; } = [];
    public long UptimeMs { get; init; }
    public long InFlight { get; init; }
    public long Requests { get; init; }
    public IReadOnlyList<VersionStatus> Versions { get; init; } = [];
}

/// <summary>One line of the ledger of versions.</summary>
internal sealed record VersionStatus
{
    public string Handler { get; init; } = "";
    public string Version { get; init; } = "";
    public string Sha256 { get; init; } = "";
    public string State { get; init; } = "";
    public long InFlight { get; init; }
    public long Requests { get; init; }
    public DateTimeOffset? LoadedAt { get; init; }
    public double? LoadMs { get; init; }
    public long? RssBytes { get; init; }
    public int? Threads { get; init; }
    public string? Error { get; init; }
}

internal sealed record WorkerEpochRequest(string Path);

internal sealed record WorkerStopRequest(int TimeoutMs);

/// <summary>A worker's problem+json.</summary>
internal sealed record WorkerProblem
{
    public string? Title { get; init; }
    public string? Detail { get; init; }
    public IReadOnlyList<string>? Reasons { get; init; }
}

/// <summary>What control and worker say to each other.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(WorkerStatus))]
[JsonSerializable(typeof(WorkerEpochRequest))]
[JsonSerializable(typeof(WorkerStopRequest))]
[JsonSerializable(typeof(WorkerProblem))]
internal sealed partial class WorkerJson : JsonSerializerContext;
