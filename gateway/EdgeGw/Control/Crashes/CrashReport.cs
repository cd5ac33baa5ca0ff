using System.Text.Json.Serialization;

namespace EdgeGw.Control.Crashes;

/// <summary>One death of a worker: <c>crashes/{id:d10}.json</c>, and what the Admin API answers.</summary>
internal sealed record CrashReport
{
    /// <summary>Its number, 1 and up.</summary>
    public required long Id { get; init; }
    /// <summary>When control noticed.</summary>
    public required DateTimeOffset Time { get; init; }
    /// <summary>The worker's number.</summary>
    public required int Worker { get; init; }
    /// <summary>Its process id.</summary>
    public required int Pid { get; init; }
    /// <summary>How long it lived, in milliseconds.</summary>
    public required long UptimeMs { get; init; }
    /// <summary>The epoch it served; 0 when it died before it served one.</summary>
    public required long Epoch { get; init; }
    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; init; }
    /// <summary>The exit code, when no signal did.</summary>
    public int? ExitCode { get; init; }
    /// <summary>What happened, in a sentence.</summary>
    public required string Cause { get; init; }
    /// <summary>The version that did it, as far as can be known.</summary>
    public CrashSuspect? Blamed { get; init; }
    /// <summary>Everybody who could have, the likeliest first.</summary>
    public IReadOnlyList<CrashSuspect> Suspects { get; set; } = [];
    /// <summary>The requests inside handlers: all were lost. At most <see cref="MaxRequests"/>.</summary>
    public IReadOnlyList<CrashRequest> Requests { get; set; } = [];
    /// <summary>Requests beyond those.</summary>
    public int RequestsLeftOut { get; init; }
    /// <summary>Addresses in handler libraries found on the stack of the thread that died, innermost first.</summary>
    public IReadOnlyList<string> NativeStack { get; set; } = [];
    /// <summary>What the native stack is, or why there is none.</summary>
    public required string NativeStackNote { get; init; }
    /// <summary>The stack that a .NET runtime printed, from the exception on.</summary>
    public IReadOnlyList<string> ManagedStack { get; set; } = [];
    /// <summary>The end of what the worker wrote to standard error.</summary>
    public string StandardError { get; set; } = "";
    /// <summary>What was done about it, in a sentence; null for nothing.</summary>
    public string? Action { get; init; }

    /// <summary>Those addresses by library: what the symbol tables say of them is looked up later.</summary>
    [JsonIgnore]
    public IReadOnlyList<CrashFrame> Frames { get; init; } = [];

    /// <summary>Whether it says nothing about the handlers: the worker was killed from outside.</summary>
    [JsonIgnore]
    public bool CountsAgainstNobody => Blamed is null && Signal == 9;

    /// <summary>More requests than these are only counted.</summary>
    public const int MaxRequests = 100;
}

/// <summary>A version that could have killed the worker.</summary>
/// <param name="Handler">The handler's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">The library.</param>
/// <param name="Evidence">Why it is suspected.</param>
/// <param name="Phases">What it was called for.</param>
/// <param name="Calls">Threads that were inside calls of it.</param>
/// <param name="Requests">Requests that it had.</param>
/// <param name="Taken">Requests that it had taken in this worker until then, those included.</param>
internal sealed record CrashSuspect(string Handler, string Version, string Sha256, CrashEvidence Evidence, IReadOnlyList<string> Phases, int Calls, int Requests, long Taken)
{
    /// <summary>Name and version.</summary>
    public override string ToString() => $"{Handler} {Version}";
}

/// <summary>Why a version is suspected, the strongest first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CrashEvidence>))]
internal enum CrashEvidence
{
    /// <summary>The thread that died was inside a call of it.</summary>
    [JsonStringEnumMemberName("thread")]
    Thread,
    /// <summary>The thread that died was not the gateway's, and its code was on that thread's stack.</summary>
    [JsonStringEnumMemberName("code")]
    Code,
    /// <summary>Another thread was inside a call of it, or it is not known which thread died.</summary>
    [JsonStringEnumMemberName("call")]
    Call,
    /// <summary>The thread that died had last been inside a call of it.</summary>
    [JsonStringEnumMemberName("last")]
    Last,
    /// <summary>It had requests that wait for something.</summary>
    [JsonStringEnumMemberName("request")]
    Request,
}

/// <summary>A request that was inside a handler.</summary>
internal sealed record CrashRequest(string Id, string Handler, string Version);

/// <summary>How reports are kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CrashReport))]
internal sealed partial class CrashJson : JsonSerializerContext;
