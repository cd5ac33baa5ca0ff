using System.Text.Json.Serialization;
using EdgeGw.Control.Compiling.Builds;

namespace EdgeGw.Control.Compiling;

// The documents of docs/admin-api.md about compiling, member for member.

internal sealed record CompilerDocument(bool Enabled, bool Available, string? Reason, string? Sdk, string? Isolation, int Queued);

internal sealed record CheckRequest(
    string? Name, string? Method, string? Path, IReadOnlyList<CheckFile>? Files, IReadOnlyList<CheckFile>? Shared, IReadOnlyList<CheckPackage>? Packages);

internal sealed record CheckFile(string? Name, string? Text);

internal sealed record CheckPackage(string? Id, string? Version);

internal sealed record CheckDocument(bool Ok, IReadOnlyList<BuildPhase> Phases, IReadOnlyList<BuildDiagnostic> Diagnostics);

internal sealed record EndpointDeployRequest(string? Build, long? Version, bool? Force, double? Canary);

internal sealed record BuildsDocument(IReadOnlyList<BuildDocument> Items, string? Next);

internal sealed record TemplatesDocument(IReadOnlyList<EndpointTemplate> Items, string? Next);

/// <summary>How they are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CompilerDocument))]
[JsonSerializable(typeof(CheckRequest))]
[JsonSerializable(typeof(CheckDocument))]
[JsonSerializable(typeof(EndpointDeployRequest))]
[JsonSerializable(typeof(BuildDocument))]
[JsonSerializable(typeof(BuildsDocument))]
[JsonSerializable(typeof(TemplatesDocument))]
internal sealed partial class CompileJson : JsonSerializerContext;
