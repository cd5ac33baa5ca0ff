using System.Text.Json.Serialization;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Catalog;

// The catalog's documents of docs/admin-api.md, member for member.

/// <summary>A page of a list; <paramref name="Next"/> is what <c>after</c> continues from, null on the last one.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal sealed record DomainRequest(string? Host, string? Description);

internal sealed record CollectionRequest(string? Domain, string? Name, string? BasePath, string? Description, IReadOnlyList<SourceFile>? Shared);

internal sealed record EndpointRequest(
    string? Collection, string? Name, string? Method, string? Path, string? Description, string? Kind, EndpointSource? Source, IReadOnlyDictionary<string, string>? Services, EpochLimits? Limits,
    IReadOnlyDictionary<string, string>? Settings);

internal sealed record VersionRequest(long? Version);

internal sealed record DomainDocument(string Id, long Revision, string Host, string Description, long Collections, long Endpoints, DateTimeOffset Changed) : ICatalogRow;

/// <summary>In lists, <paramref name="Shared"/> is left out.</summary>
internal sealed record CollectionDocument(
    string Id, long Revision, string Domain, string Host, string Name, string BasePath, string Description, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SourceFile>? Shared,
    long Endpoints, DateTimeOffset Changed) : ICatalogRow;

/// <summary><paramref name="Path"/> is below the collection's, <paramref name="Pattern"/> the whole. In lists, <paramref name="Source"/> is left out. Those without a row of their own (handlers deployed past the catalog) have revision 0, and no collection.</summary>
internal sealed record EndpointDocument(
    string Id, long Revision, string? Collection, string? Domain, string Name, string? Method, string? Host, string? Path, string? Pattern, string Description, bool Enabled, string Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EndpointSource? Source, IReadOnlyDictionary<string, string> Services, EpochLimits Limits,
    IReadOnlyDictionary<string, string> Settings, string State, string? StateReason, EndpointLive? Live, EndpointBuild? Build, IReadOnlyList<EndpointRoute> Routes, DateTimeOffset Changed);

/// <summary>What serves. <paramref name="Version"/> is null when the catalog does not know the library; <paramref name="Release"/> is what its manifest calls itself.</summary>
internal sealed record EndpointLive(long? Version, string Release, string Sha256, long Epoch, DateTimeOffset Since);

/// <summary>A route as it is served now.</summary>
internal sealed record EndpointRoute(string Method, string Host, string Pattern, string Name);

/// <summary>The newest build of an endpoint, as the compile service tells of it. <paramref name="State"/> is <c>queued</c>, <c>running</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>;
/// <paramref name="Diagnostics"/> counts the compiler's messages.</summary>
internal sealed record EndpointBuild(string Id, string State, int Diagnostics);

/// <summary>A library that was deployed as an endpoint. Only one of them is shown with its source.</summary>
internal sealed record VersionDocument(
    long Version, string Release, string Sha256, DateTimeOffset Created, string Principal, string? Build, bool Live, bool Kept,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] VersionContent? Content);

/// <summary>What a version was made of and deployed with. <paramref name="Source"/> is null for one that was deployed as a library.</summary>
internal sealed record VersionContent(
    SourceSnapshot? Source, string? Host, string Prefix, EpochLimits Limits, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Services, IReadOnlyList<EndpointRoute> Routes);

/// <summary>The source that a version was compiled from, the shared files of its collection among it.</summary>
internal sealed record SourceSnapshot(string? Method, string? Path, IReadOnlyList<SourceFile> Files, IReadOnlyList<SourceFile> Shared, IReadOnlyList<SourcePackage> Packages)
{
    /// <summary>Whether both have the same content: lists are compared by what is in them.</summary>
    internal bool IsSameAs(SourceSnapshot other) =>
        Method == other.Method && Path == other.Path && Files.SequenceEqual(other.Files) && Shared.SequenceEqual(other.Shared) && Packages.SequenceEqual(other.Packages);
}

internal sealed record DeploymentDocument(
    long Id, DateTimeOffset Time, string Principal, string Action, string Result, int Status, long? Epoch, double Ms, string Reason, IReadOnlyList<string> Reasons, IReadOnlyList<DeploymentHandler> Handlers);

/// <summary>What became of one handler. <paramref name="Change"/> is <c>added</c>, <c>replaced</c>, <c>removed</c>, <c>quarantined</c> or <c>none</c>.</summary>
internal sealed record DeploymentHandler(string Handler, string Change, string? Release, string? Sha256, string? Endpoint, long? Version);

/// <summary>How the catalog speaks and keeps.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DomainRequest))]
[JsonSerializable(typeof(CollectionRequest))]
[JsonSerializable(typeof(EndpointRequest))]
[JsonSerializable(typeof(VersionRequest))]
[JsonSerializable(typeof(DomainDocument))]
[JsonSerializable(typeof(CollectionDocument))]
[JsonSerializable(typeof(EndpointDocument))]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(DeploymentDocument))]
[JsonSerializable(typeof(Page<DomainDocument>))]
[JsonSerializable(typeof(Page<CollectionDocument>))]
[JsonSerializable(typeof(Page<EndpointDocument>))]
[JsonSerializable(typeof(Page<VersionDocument>))]
[JsonSerializable(typeof(Page<DeploymentDocument>))]
[JsonSerializable(typeof(SourceSnapshot))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class CatalogJson : JsonSerializerContext;
