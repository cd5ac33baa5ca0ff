using System.Text.Json.Serialization;
using EdgeGw.Control.Changes;

namespace EdgeGw.Control.Bundles;

/// <summary>The answer to a change of many things at once (docs/admin-api.md), member for member.</summary>
internal sealed record PlanDocument(
    long Epoch, string Reason, bool Changed, bool DryRun, IReadOnlyList<PlannedChange> Diff, IReadOnlyList<string> Refusals, double ElapsedMs);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlanDocument))]
internal sealed partial class PlanJson : JsonSerializerContext;
