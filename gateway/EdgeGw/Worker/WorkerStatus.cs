using System.Text.Json.Serialization;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Worker;

/// <summary>What <c>GET /status</c> on a worker's control socket answers.</summary>
internal sealed record WorkerStatus
{
    /// <summary>The worker's number.</summary>
    public required int Id { get; init; }
    /// <summary>Its process.</summary>
    public required int Pid { get; init; }
    /// <summary>The epoch in force.</summary>
    public required long Epoch { get; init; }
    /// <summary>Whether every route of the epoch is live.</summary>
    public required bool Ready { get; init; }
    /// <summary>Why it is not ready.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
    /// <summary>Milliseconds since its start.</summary>
    public required long UptimeMs { get; init; }
    /// <summary>Requests under way.</summary>
    public required int InFlight { get; init; }
    /// <summary>Requests answered.</summary>
    public required long Requests { get; init; }
    /// <summary>Open connections of clients.</summary>
    public int Connections { get; init; }
    /// <summary>Whether it accepts no more and finishes what it has.</summary>
    public bool Draining { get; init; }
    /// <summary>Threads of the process.</summary>
    public required int Threads { get; init; }
    /// <summary>Resident bytes of the process.</summary>
    public required long RssBytes { get; init; }
    /// <summary>Bytes of them that the process shares with no other and with no file.</summary>
    public long PrivateBytes { get; init; }
    /// <summary>The routes in force.</summary>
    public required IReadOnlyList<WorkerRoute> Routes { get; init; }
    /// <summary>The ledger: every version ever loaded here.</summary>
    public required IReadOnlyList<WorkerVersion> Versions { get; init; }
    /// <summary>Threads inside versions that did not come back by their hard deadline.</summary>
    public int LostThreads { get; set; }
    /// <summary>The file of a library that does not come out of being loaded, so that no other can be loaded here; null when there is none.</summary>
    public string? LoadsBlockedBy { get; set; }
    /// <summary>The services in force; an older worker does not tell.</summary>
    public IReadOnlyList<WorkerServiceStatus> Services { get; set; } = [];

    /// <summary>Those of some handlers that could not be started here. One that was only refused with other settings goes on as it was.</summary>
    public IReadOnlyList<EpochHandler> FailedOf(IEnumerable<EpochHandler> handlers) =>
        [.. handlers.Where(handler => StatesOf(handler) is var states && states.Contains("failed") && !states.Contains("live"))];

    private List<string> StatesOf(EpochHandler handler) => [.. Versions.Where(version => version.Handler == handler.Name && version.Sha256 == handler.Sha256).Select(version => version.State)];
}

/// <summary>A route in force.</summary>
internal sealed record WorkerRoute(string Method, string Host, string Pattern, string Handler, string Version, string Name, int DeadlineMs, long MaxBodyBytes, int Concurrency, int InFlight, int Waiting);

/// <summary>A version of the ledger.</summary>
internal sealed record WorkerVersion(
    int Ordinal, string Handler, string Version, string Sha256, string State, long InFlight, long Requests, long Faults, DateTimeOffset? LoadedAt, double LoadMs, long RssBytes, int Threads, string? Error)
{
    /// <summary>What it uses; an older worker does not tell.</summary>
    public VersionUsage? Usage { get; init; }

    /// <summary>Which library it is: versions of the same one share its memory and threads; null where none is loaded.</summary>
    public int? Library { get; init; }

    /// <summary>Whether the epoch in force has it.</summary>
    public bool InForce { get; init; }

    /// <summary>The process, where that is an isolated worker; null in the shared one.</summary>
    public int? Pid { get; init; }
}

/// <summary>What a version uses. Those of its own heap are null where its library does not tell.</summary>
internal sealed record VersionUsage(
    double CpuMs, int BlockedThreads, int LostThreads, int LostRequests, long OutOfMemory, long? HeapBytes, long? AllocatedBytes, long? Collections, double? GcPauseMs);

/// <summary>The body of <c>PUT /epoch</c>: the epoch's file, and handlers that could not be started before and are to be tried again.</summary>
internal sealed record EpochOrder(string Path, IReadOnlyList<string>? Again = null);

/// <summary>The body of <c>POST /stop</c>, in milliseconds: how long requests may take until their answer begins; how long connections without a request are kept, so that one that is on
/// its way is still answered; how long responses that have begun may take.</summary>
internal sealed record StopOrder(int TimeoutMs, int IdleMs = 0, int StreamMs = 0);

/// <summary>An epoch in force.</summary>
internal sealed record EpochInForce(long Epoch, double ElapsedMs);

/// <summary>Problem details with several reasons (RFC 9457).</summary>
internal sealed record WorkerProblem(string Type, string Title, int Status, string Detail, IReadOnlyList<string> Reasons);

/// <summary>How the worker's control socket speaks.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WorkerStatus))]
[JsonSerializable(typeof(EpochOrder))]
[JsonSerializable(typeof(StopOrder))]
[JsonSerializable(typeof(EpochInForce))]
[JsonSerializable(typeof(WorkerProblem))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class WorkerJson : JsonSerializerContext;
