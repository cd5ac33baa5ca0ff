using EdgeGw.Epochs;
using EdgeGw.Pipeline;

namespace EdgeGw.Generations;

/// <summary>A canary in force: the version, and what it is compared by with the live one, since the trial began.</summary>
internal sealed record CanaryTrial(EpochCanary Config, HandlerVersion Canary, CanaryTally OfLive, CanaryTally OfCanary);
