using EdgeGw.Epochs;

namespace EdgeGw.Control.Catalog;

/// <summary>A row of the catalog, or its document.</summary>
internal interface ICatalogRow
{
    /// <summary>Never changes, and is never used again.</summary>
    string Id { get; }

    /// <summary>1 when it is made, and one more with each change of what its author writes.</summary>
    long Revision { get; }
}

/// <summary>A host that collections are served on.</summary>
/// <param name="Id">Never changes, and is never used again.</param>
/// <param name="Revision">1 when it is made, and one more with each change.</param>
/// <param name="Host"><c>*</c>, <c>api.example.com</c> or <c>*.example.com</c>, in lower case; no two domains have the same.</param>
/// <param name="Description">For people.</param>
/// <param name="Changed">When it was made or changed last.</param>
internal sealed record CatalogDomain(string Id, long Revision, string Host, string Description, DateTimeOffset Changed) : ICatalogRow;

/// <summary>Endpoints of one domain below one path.</summary>
/// <param name="Id">Never changes, and is never used again.</param>
/// <param name="Revision">1 when it is made, and one more with each change.</param>
/// <param name="Domain">The domain's id.</param>
/// <param name="Name">For people; no two collections of a domain have the same.</param>
/// <param name="BasePath">Empty, or <c>/v1</c>: put before the path of each endpoint.</param>
/// <param name="Description">For people.</param>
/// <param name="Shared">Source files that are compiled into each of its endpoints.</param>
/// <param name="Changed">When it was made or changed last.</param>
internal sealed record CatalogCollection(string Id, long Revision, string Domain, string Name, string BasePath, string Description, IReadOnlyList<SourceFile> Shared, DateTimeOffset Changed) : ICatalogRow;

/// <summary>One handler as the catalog knows it.</summary>
internal sealed record CatalogEndpoint : ICatalogRow
{
    /// <summary>Never changes, and is never used again.</summary>
    public required string Id { get; init; }

    /// <summary>1 when it is made, and one more with each change of what its author writes.</summary>
    public required long Revision { get; init; }

    /// <summary>The collection's id.</summary>
    public required string Collection { get; init; }

    /// <summary>Its name, and that of its handler in the epoch.</summary>
    public required string Name { get; init; }

    /// <summary>The method; null for a library, whose manifest says it.</summary>
    public string? Method { get; init; }

    /// <summary>The path below the collection's; null for a library, whose manifest says it.</summary>
    public string? Path { get; init; }

    /// <summary>For people.</summary>
    public required string Description { get; init; }

    /// <summary>Whether somebody wants it served. What is served is what the epoch says.</summary>
    public required bool Enabled { get; init; }

    /// <summary><see cref="EndpointKinds.Source"/> or <see cref="EndpointKinds.Library"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What is compiled; nothing for a library.</summary>
    public required EndpointSource Source { get; init; }

    /// <summary>Which service it gets for one that it names, as in a deploy.</summary>
    public required IReadOnlyDictionary<string, string> Services { get; init; }

    /// <summary>Its limits, as in a deploy.</summary>
    public required EpochLimits Limits { get; init; }

    /// <summary>Its own settings, as in a deploy.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>When it was made or changed last.</summary>
    public required DateTimeOffset Changed { get; init; }
}

/// <summary>Where an endpoint's code comes from.</summary>
internal static class EndpointKinds
{
    /// <summary>Compiled by the gateway.</summary>
    public const string Source = "source";

    /// <summary>Published elsewhere and deployed as a library.</summary>
    public const string Library = "library";
}

/// <summary>What is compiled into one endpoint.</summary>
// Members with a default have a setter, not init: the JSON source generator assigns every init member, absent ones with null.
internal sealed record EndpointSource
{
    /// <summary>C# files.</summary>
    public IReadOnlyList<SourceFile> Files { get; set; } = [];

    /// <summary>NuGet packages that they use.</summary>
    public IReadOnlyList<SourcePackage> Packages { get; set; } = [];

    /// <summary>Bytes of all the files.</summary>
    internal long Bytes => Files.Sum(file => (long)System.Text.Encoding.UTF8.GetByteCount(file.Text));
}

/// <summary>One file of C#. Its name is relative, with '/' between folders.</summary>
internal sealed record SourceFile
{
    /// <summary>The name, such as <c>Handler.cs</c> or <c>Models/Pet.cs</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The content.</summary>
    public required string Text { get; init; }
}

/// <summary>A NuGet package in one exact version.</summary>
internal sealed record SourcePackage
{
    /// <summary>The package's id.</summary>
    public required string Id { get; init; }

    /// <summary>The version.</summary>
    public required string Version { get; init; }
}
