using System.Text.Json.Serialization;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Importing;

namespace EdgeGw.Control.Bundles;

/// <summary>The answer to a change of many things at once (docs/admin-api.md), member for member.</summary>
internal sealed record PlanDocument(
    long Epoch, string Reason, bool Changed, bool DryRun, IReadOnlyList<PlannedChange> Diff, IReadOnlyList<string> Refusals, double ElapsedMs);

/// <summary>The answer to an import. <paramref name="Domain"/> and <paramref name="Collection"/> are ids, null where they would be made; <paramref name="Epoch"/> is the one in which endpoints were put in
/// service and taken out of it.</summary>
internal sealed record ImportDocument(bool Applied, bool DryRun, string? Domain, string? Collection, long? Epoch, IReadOnlyList<PlannedChange> Diff, IReadOnlyList<ImportedDeploy> Deployed, double ElapsedMs);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(ImportDocument))]
internal sealed partial class PlanJson : JsonSerializerContext;
