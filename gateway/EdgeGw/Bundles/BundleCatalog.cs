using EdgeGw.Control.Catalog;
using EdgeGw.Epochs;

namespace EdgeGw.Bundles;

/// <summary>A domain of a bundle, with all that stands in it.</summary>
/// <param name="Host">The host, in lower case.</param>
/// <param name="Description">For people.</param>
/// <param name="Collections">Its collections.</param>
internal sealed record BundleDomain(string Host, string Description, IReadOnlyList<BundleCollection> Collections);

/// <summary>A collection of a bundle.</summary>
/// <param name="Name">For people.</param>
/// <param name="BasePath">Put before the path of each endpoint.</param>
/// <param name="Description">For people.</param>
/// <param name="Shared">Files that are compiled into each of its endpoints.</param>
/// <param name="Endpoints">Its endpoints.</param>
internal sealed record BundleCollection(string Name, string BasePath, string Description, IReadOnlyList<BundleSource> Shared, IReadOnlyList<BundleEndpoint> Endpoints);

/// <summary>An endpoint of a bundle, as the catalog has it. What serves under its name is a handler of the bundle.</summary>
internal sealed record BundleEndpoint
{
    internal required string Name { get; init; }

    internal required string Kind { get; init; }

    internal string? Method { get; init; }

    internal string? Path { get; init; }

    internal string Description { get; init; } = "";

    internal bool Enabled { get; init; } = true;

    internal IReadOnlyList<BundleSource> Files { get; init; } = [];

    internal IReadOnlyList<SourcePackage> Packages { get; init; } = [];

    internal EpochLimits Limits { get; init; } = new();

    internal IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    internal IReadOnlyDictionary<string, string> Services { get; init; } = new Dictionary<string, string>();
}

/// <summary>A source file of a bundle.</summary>
/// <param name="Name">What it is called in the catalog.</param>
/// <param name="File">Where it is in the bundle.</param>
internal sealed record BundleSource(string Name, string File);
