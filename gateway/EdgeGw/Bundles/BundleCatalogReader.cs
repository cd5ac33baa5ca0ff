using EdgeGw.Control.Catalog;
using EdgeGw.Documents;

namespace EdgeGw.Bundles;

/// <summary>Reads what <c>bundle.yaml</c> says of the catalog. What the catalog's own rules say (hosts, paths, names) is said when it is applied.</summary>
internal sealed class BundleCatalogReader(DocumentFaults faults, Func<string, bool> hasFile)
{
    private readonly HashSet<string> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endpoints = new(StringComparer.Ordinal);

    /// <summary>The domains; null when the bundle does not speak of them.</summary>
    internal IReadOnlyList<BundleDomain>? Read(MappingReader root) => root.Any("domains") is null ? null : [.. root.Entries("domains").Select(Domain).OfType<BundleDomain>()];

    private BundleDomain? Domain(DocumentEntry entry)
    {
        var host = entry.Key.Text.ToLowerInvariant();
        if (!_hosts.Add(host))
        {
            faults.Add(entry.Key, $"The domain '{DocumentBudget.Shown(host)}' is given twice.");
        }
        if (MappingReader.Of(entry.Value, $"The domain '{DocumentBudget.Shown(host)}'", faults) is not { } map)
        {
            return null;
        }
        var domain = new BundleDomain(host, map.Text("description") ?? "", [.. map.Entries("collections").Select(Collection).OfType<BundleCollection>()]);
        map.End();
        return domain;
    }

    private BundleCollection? Collection(DocumentEntry entry)
    {
        if (MappingReader.Of(entry.Value, $"The collection '{DocumentBudget.Shown(entry.Key.Text)}'", faults) is not { } map)
        {
            return null;
        }
        var collection = new BundleCollection(
            entry.Key.Text, map.Text("basePath") ?? "", map.Text("description") ?? "", Sources(map, "shared"), [.. map.Entries("endpoints").Select(Endpoint).OfType<BundleEndpoint>()]);
        map.End();
        return collection;
    }

    private BundleEndpoint? Endpoint(DocumentEntry entry)
    {
        var name = entry.Key.Text;
        if (!_endpoints.Add(name))
        {
            faults.Add(entry.Key, $"The endpoint '{DocumentBudget.Shown(name)}' is given twice; names are the handlers' too.");
        }
        if (MappingReader.Of(entry.Value, $"The endpoint '{DocumentBudget.Shown(name)}'", faults) is not { } map)
        {
            return null;
        }
        var endpoint = new BundleEndpoint
        {
            Name = name,
            Kind = map.Text("kind") ?? EndpointKinds.Source,
            Method = map.Text("method")?.ToUpperInvariant(),
            Path = map.Text("path"),
            Description = map.Text("description") ?? "",
            Enabled = map.Flag("enabled") ?? true,
            Files = Sources(map, "files"),
            Packages = [.. map.Texts("packages", StringComparer.OrdinalIgnoreCase).Select(package => new SourcePackage { Id = package.Key, Version = package.Value })],
            Limits = BundleReader.Limits(map),
            Settings = map.Texts("settings", StringComparer.OrdinalIgnoreCase),
            Services = map.Texts("services", StringComparer.Ordinal),
        };
        map.End();
        return endpoint;
    }

    // Name in the catalog: file of the bundle.
    private List<BundleSource> Sources(MappingReader map, string key)
    {
        var sources = new List<BundleSource>();
        foreach (var (name, value) in map.Entries(key))
        {
            if (value is not DocumentScalar { IsNull: false } scalar)
            {
                faults.Add(value, $"'{DocumentBudget.Shown(name.Text)}' must be a file of the bundle, not {value.Kind}.");
            }
            else if (BundlePath.Fault(scalar.Text) is { } fault)
            {
                faults.Add(value, $"'{DocumentBudget.Shown(scalar.Text)}' {fault}.");
            }
            else if (!hasFile(scalar.Text))
            {
                faults.Add(value, $"The bundle has no file '{DocumentBudget.Shown(scalar.Text)}'.");
            }
            else
            {
                sources.Add(new BundleSource(name.Text, scalar.Text));
            }
        }
        return sources;
    }
}
