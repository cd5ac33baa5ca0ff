using System.Text.Json.Serialization;

namespace EdgeGw.Control.Stuck;

/// <summary>One stuck call as it is kept and shown.</summary>
/// <param name="Time">When it was given up.</param>
/// <param name="Handler">The handler's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">Its library.</param>
/// <param name="Reason">What happened, in one sentence.</param>
/// <param name="Action">What was done about it, in one sentence.</param>
/// <param name="RequestId">The request, empty when the call was for none.</param>
/// <param name="Route">Its route, empty when the call was for none.</param>
/// <param name="HeldMs">How long it had lasted.</param>
/// <param name="WorkerPid">The worker's process.</param>
/// <param name="ThreadId">The lost thread; 0 when no thread is held.</param>
/// <param name="Stack">A line for each frame, the innermost first; empty when no thread is held.</param>
internal sealed record StuckReport(
    DateTimeOffset Time, string Handler, string Version, string Sha256, string Reason, string Action, string RequestId, string Route, long HeldMs, int WorkerPid, int ThreadId,
    IReadOnlyList<string> Stack);

/// <summary>All of them, the newest first.</summary>
internal sealed record StuckDocument(IReadOnlyList<StuckReport> Reports);

/// <summary>How they are stored and answered.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StuckReport))]
[JsonSerializable(typeof(StuckDocument))]
internal sealed partial class StuckReportJson : JsonSerializerContext;
