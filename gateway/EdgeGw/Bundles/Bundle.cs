using EdgeGw.Control.Changes;
using EdgeGw.Epochs;

namespace EdgeGw.Bundles;

/// <summary>What a gateway is to serve, as files (docs/bundles.md): <c>bundle.yaml</c> and what it names.</summary>
/// <param name="Name">What it is called, for sentences.</param>
/// <param name="Services">Services, each with all of its configuration.</param>
/// <param name="Handlers">Handlers, each with all that its deploy says.</param>
internal sealed record Bundle(string Name, IReadOnlyList<EpochService> Services, IReadOnlyList<BundleHandler> Handlers)
{
    /// <summary>What the catalog is to have; null when the bundle does not speak of it.</summary>
    internal IReadOnlyList<BundleDomain>? Domains { get; init; }

    /// <summary>The document.</summary>
    internal const string File = "bundle.yaml";

    /// <summary>Variables that come with it, one NAME=VALUE a line.</summary>
    internal const string VariablesFile = "bundle.env";

    /// <summary>The format this code writes and reads.</summary>
    internal const int Format = 1;

    /// <summary>Begins the names of what <c>edgegw apply</c> adds to an archive; a folder has none of them.</summary>
    internal const string BuiltFolder = ".edgegw/";

    /// <summary>Where it packs the library that it published of a handler's project.</summary>
    internal static string BuiltLibrary(string handler) => $"{BuiltFolder}{handler}.so";

    /// <summary>The files that it names, each once.</summary>
    internal IEnumerable<string> Files => Handlers.Select(handler => handler.Library).OfType<string>().Concat(Sources.Select(source => source.File)).Distinct(StringComparer.Ordinal);

    /// <summary>Its source files, shared ones among them.</summary>
    internal IEnumerable<BundleSource> Sources =>
        (Domains ?? []).SelectMany(domain => domain.Collections).SelectMany(collection => collection.Shared.Concat(collection.Endpoints.SelectMany(endpoint => endpoint.Files)));
}

/// <summary>A handler of a bundle.</summary>
/// <param name="Options">Its name, and what its deploy says.</param>
/// <param name="Library">The library's file in the bundle; null: the one that is deployed under that name, or built from <paramref name="Project"/>.</param>
/// <param name="Sha256">What the library's SHA-256 must be; null when nothing is said.</param>
/// <param name="Project">A project that <c>edgegw apply</c> publishes on its machine; null when there is none.</param>
internal sealed record BundleHandler(DeploymentOptions Options, string? Library, string? Sha256, string? Project);
