using System.Text.Json.Serialization;

namespace EdgeGw.Calls;

/// <summary>One call that is given up: its thread did not come back long after its deadline, or, with no thread inside, its request was never completed.</summary>
/// <param name="Number">1, 2, 3 ... in this worker.</param>
/// <param name="Handler">The handler's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">Its library.</param>
/// <param name="Ordinal">The version's number in this worker.</param>
/// <param name="ThreadId">The lost thread; 0 when no thread is held.</param>
/// <param name="RequestId">The request, empty when the call was for none.</param>
/// <param name="Route">Its route, empty when the call was for none.</param>
/// <param name="HeldMs">How long it had lasted.</param>
/// <param name="Reason">What happened, in one sentence.</param>
/// <param name="IsFirst">Whether this took its version out of service; otherwise that had happened before, or is still to come.</param>
internal sealed record StuckCall(
    long Number, string Handler, string Version, string Sha256, int Ordinal, int ThreadId, string RequestId, string Route, long HeldMs, string Reason, bool IsFirst);

/// <summary>How stuck calls are told to control.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<StuckCall>))]
internal sealed partial class StuckJson : JsonSerializerContext;
