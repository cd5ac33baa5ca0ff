using System.Globalization;
using EdgeGw.Control.Catalog;

namespace EdgeGw.Bundles;

/// <summary>Writes the catalog's part of <c>bundle.yaml</c>, and names the files of its sources. Ids, revisions, times and versions are not in it: who applies it gets rows of the same content.</summary>
internal sealed class BundleCatalogDocument
{
    private readonly List<(string File, string Text)> _files = [];
    private readonly HashSet<string> _folders = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<CatalogDomain> _domains;
    private readonly IReadOnlyList<CatalogCollection> _collections;
    private readonly IReadOnlyList<CatalogEndpoint> _endpoints;

    /// <summary>Of rows in any order, the endpoints with their sources.</summary>
    internal BundleCatalogDocument(IReadOnlyList<CatalogDomain> domains, IReadOnlyList<CatalogCollection> collections, IReadOnlyList<CatalogEndpoint> endpoints) =>
        (_domains, _collections, _endpoints) = (domains, collections, endpoints);

    /// <summary>Where the sources are in the bundle, and what they are; complete once it is written.</summary>
    internal IReadOnlyList<(string File, string Text)> Files => _files;

    /// <summary>Writes it. An empty catalog is said too: whoever applies the bundle with --prune means it.</summary>
    internal void Write(BundleYaml yaml)
    {
        if (_domains.Count == 0)
        {
            yaml.Nothing("domains");
            return;
        }
        yaml.Mapping("domains", false, () =>
        {
            foreach (var domain in _domains.OrderBy(domain => domain.Host, StringComparer.Ordinal))
            {
                var collections = _collections.Where(collection => collection.Domain == domain.Id).OrderBy(collection => collection.Name, StringComparer.Ordinal).ToList();
                Row(yaml, domain.Host, domain.Description.Length == 0 && collections.Count == 0, () =>
                {
                    Text(yaml, "description", domain.Description);
                    yaml.Mapping("collections", collections.Count == 0, () => collections.ForEach(collection => Collection(yaml, collection)));
                });
            }
        });
    }

    private void Collection(BundleYaml yaml, CatalogCollection collection)
    {
        var endpoints = _endpoints.Where(endpoint => endpoint.Collection == collection.Id).OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal).ToList();
        Row(yaml, collection.Name, collection.BasePath.Length + collection.Description.Length + collection.Shared.Count + endpoints.Count == 0, () =>
        {
            Text(yaml, "basePath", collection.BasePath);
            Text(yaml, "description", collection.Description);
            Sources(yaml, "shared", Folder("shared", collection.Name), collection.Shared);
            yaml.Mapping("endpoints", endpoints.Count == 0, () => endpoints.ForEach(endpoint => yaml.Mapping(endpoint.Name, false, () => Endpoint(yaml, endpoint))));
        });
    }

    private void Endpoint(BundleYaml yaml, CatalogEndpoint endpoint)
    {
        yaml.Text("kind", endpoint.Kind);
        yaml.Text("method", endpoint.Method);
        yaml.Text("path", endpoint.Path);
        Text(yaml, "description", endpoint.Description);
        yaml.Flag("enabled", endpoint.Enabled);
        Sources(yaml, "files", Folder("sources", endpoint.Name), endpoint.Source.Files);
        yaml.Mapping("packages", endpoint.Source.Packages.Count == 0, () =>
        {
            foreach (var package in endpoint.Source.Packages)
            {
                yaml.Text(package.Id, package.Version);
            }
        });
        BundleDocument.Limits(yaml, endpoint.Limits);
        BundleDocument.Texts(yaml, "settings", endpoint.Settings);
        BundleDocument.Texts(yaml, "services", endpoint.Services);
    }

    private void Sources(BundleYaml yaml, string key, string folder, IReadOnlyList<SourceFile> files) => yaml.Mapping(key, files.Count == 0, () =>
    {
        foreach (var file in files)
        {
            yaml.Text(file.Name, $"{folder}/{file.Name}");
            _files.Add(($"{folder}/{file.Name}", file.Text));
        }
    });

    // A collection is called as people like; and what differs by case alone is one folder on some disks.
    private string Folder(string top, string name)
    {
        var plain = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'));
        var folder = $"{top}/{plain}";
        for (var i = 2; !_folders.Add(folder); i++)
        {
            folder = string.Create(CultureInfo.InvariantCulture, $"{top}/{plain}~{i}");
        }
        return folder;
    }

    private static void Row(BundleYaml yaml, string key, bool isEmpty, Action content)
    {
        if (isEmpty)
        {
            yaml.Nothing(key);
        }
        else
        {
            yaml.Mapping(key, false, content);
        }
    }

    private static void Text(BundleYaml yaml, string key, string text) => yaml.Text(key, text.Length == 0 ? null : text);
}
