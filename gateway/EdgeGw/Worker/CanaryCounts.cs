using System.Text.Json.Serialization;
using EdgeGw.Pipeline;

namespace EdgeGw.Worker;

/// <summary>What <c>GET /canaries</c> on a worker's control socket answers of one canary: what it and the live version came to since the trial began, or since this worker did.</summary>
/// <param name="Key">The canary's deployment.</param>
/// <param name="Live">The live version's part.</param>
/// <param name="Canary">The canary's part.</param>
internal sealed record WorkerCanary(string Key, CanaryCounts Live, CanaryCounts Canary);

/// <summary>Requests, those answered with 500 or above, and all by latency (<see cref="CanaryTally.UpperBound"/>).</summary>
internal sealed record CanaryCounts(long Requests, long Errors, long[] Latencies)
{
    /// <summary>What a tally has now.</summary>
    public static CanaryCounts Of(CanaryTally tally) => new(tally.Requests, tally.Errors, tally.Latencies);
}

/// <summary>How it is written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IReadOnlyList<WorkerCanary>))]
internal sealed partial class CanaryJson : JsonSerializerContext;
