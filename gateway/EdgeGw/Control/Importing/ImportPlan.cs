using System.Text;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Control.Importing;

/// <summary>What an import makes of a part of the catalog. Pure: nothing is written here. Imported again, the same document changes nothing.</summary>
internal sealed class ImportPlan
{
    /// <summary>The kind of a line about what the import leaves alone although the document has changed: somebody has edited it.</summary>
    internal const string Conflict = "conflict";

    /// <summary>The file of an endpoint's stub.</summary>
    internal const string HandlerFile = "Handler.cs";

    private const string Breaks = " (breaking)";

    private readonly ImportTarget _target;
    private readonly ImportedApi _api;
    private readonly DateTimeOffset _now;
    private readonly List<PlannedChange> _diff = [];
    private readonly List<RowChange<CatalogEndpoint>> _endpoints = [];
    private readonly bool _deploys;

    private ImportPlan(ImportTarget target, ImportedApi api, bool deploys, DateTimeOffset now)
    {
        (_target, _api, _deploys, _now, Collection) = (target, api, deploys, now, target.Collection);
        Domain = target.Domain.Revision == 0 ? target.Domain with { Revision = 1 } : target.Domain;
    }

    /// <summary>The domain as it is to be.</summary>
    internal CatalogDomain Domain { get; }

    /// <summary>The collection as it is to be.</summary>
    internal CatalogCollection Collection { get; private set; }

    /// <summary>The domain's id; null when it is to be made.</summary>
    internal string? KnownDomain => _target.Domain.Revision == 0 ? null : _target.Domain.Id;

    /// <summary>The collection's id; null when it is to be made.</summary>
    internal string? KnownCollection => _target.Collection.Revision == 0 ? null : _target.Collection.Id;

    /// <summary>The rows that are written and deleted, and those that must be as they were read.</summary>
    internal CatalogChange Rows => new(
        [new(_target.Domain.Revision == 0 ? null : _target.Domain, Domain)], [new(_target.Collection.Revision == 0 ? null : _target.Collection, Collection)], _endpoints);

    /// <summary>The endpoints of the document's operations, as they are to be.</summary>
    internal IEnumerable<EndpointInPlace> Endpoints => _endpoints.Where(row => !row.IsDeleted).Select(row => new EndpointInPlace(row.After!, Collection, Domain));

    /// <summary>Endpoints that the document has no more.</summary>
    internal IEnumerable<CatalogEndpoint> Removed => _endpoints.Where(row => row.IsDeleted).Select(row => row.Before!);

    /// <summary>Line by line.</summary>
    internal IReadOnlyList<PlannedChange> Diff => _diff;

    /// <summary>Whether anything is different.</summary>
    internal bool Changes => _diff.Any(line => line.Kind is not (PlannedChange.Unchanged or Conflict));

    /// <summary>Compares a document with what is there. <paramref name="deploys"/>: what comes of it is to be served at once, so that routes which go away let their callers down.</summary>
    internal static ImportPlan Make(ImportTarget target, ImportedApi api, bool deploys, DateTimeOffset now)
    {
        var plan = new ImportPlan(target, api, deploys, now);
        plan.Groups();
        plan.Operations();
        return plan;
    }

    private void Groups()
    {
        if (_target.Domain.Revision == 0)
        {
            Line(PlannedChange.Added, $"domain {_target.Domain.Host}");
        }
        var known = _target.Collection;
        var shared = known.Shared.Where(file => file.Name != ModelWriter.File).ToList();
        var models = GeneratedSource.Mark(_api.Models);
        var details = new List<string>();
        var moves = _deploys && known.BasePath != _api.BasePath && _target.Endpoints.Any(endpoint => _target.Deployed.Contains(endpoint.Name));
        if (known.BasePath != _api.BasePath)
        {
            details.Add($"base path {Shown(known.BasePath)} → {Shown(_api.BasePath)}{(moves ? Breaks : "")}");
        }
        switch (known.Shared.FirstOrDefault(file => file.Name == ModelWriter.File)?.Text)
        {
            case var text when text == models:
                break;
            case { } text when !GeneratedSource.IsUntouched(text):
                Line(Conflict, $"models {ModelWriter.File}", "was changed by hand and stays as it is; delete it to have it made anew");
                models = text;
                break;
            case var text:
                details.Add(text is null ? $"{ModelWriter.File} is added" : $"{ModelWriter.File} is different");
                break;
        }
        if (known.Revision > 0 && details.Count == 0)
        {
            Line(PlannedChange.Unchanged, $"collection {known.Name}");
            return;
        }
        Collection = known with { Revision = known.Revision + 1, BasePath = _api.BasePath, Shared = [.. shared, new SourceFile { Name = ModelWriter.File, Text = models }], Changed = _now };
        Line(known.Revision == 0 ? PlannedChange.Added : PlannedChange.Changed, $"collection {known.Name}", moves, known.Revision == 0 ? [] : [.. details]);
    }

    private void Operations()
    {
        var left = _target.Endpoints.ToDictionary(endpoint => endpoint.Name, StringComparer.Ordinal);
        var names = new NameScope(_target.TakenNames.Concat(left.Keys));
        var matched = _api.Operations.Select(operation => (Operation: operation, Known: Take(left, endpoint => endpoint.Name == NameOf(operation)))).ToList();
        // What is called otherwise in the document, but is the same route, is the same endpoint: its name is its handler's.
        foreach (var (operation, known) in matched)
        {
            var endpoint = known ?? Take(left, other => other.Method == operation.Method && Shape(other.Path) == Shape(operation.Path) && Source(other) is { } source && GeneratedSource.IsMarked(source));
            if (endpoint is null)
            {
                Add(operation, names.Take(NameOf(operation)));
            }
            else
            {
                Change(operation, endpoint);
            }
        }
        foreach (var endpoint in left.Values.Where(endpoint => Source(endpoint) is { } source && GeneratedSource.IsMarked(source)))
        {
            Remove(endpoint);
        }
    }

    private void Add(ImportedOperation operation, string name)
    {
        _endpoints.Add(new(null, new CatalogEndpoint
        {
            Id = CatalogRevision.NewId(),
            Revision = 1,
            Collection = Collection.Id,
            Name = name,
            Method = operation.Method,
            Path = operation.Path,
            Description = operation.Description,
            Enabled = true,
            Kind = EndpointKinds.Source,
            Source = new EndpointSource { Files = [new SourceFile { Name = HandlerFile, Text = GeneratedSource.Mark(operation.Source) }] },
            Services = new Dictionary<string, string>(),
            Limits = new(),
            Settings = new Dictionary<string, string>(),
            Changed = _now,
        }));
        Line(PlannedChange.Added, $"endpoint {name}", $"{operation.Method} {Collection.BasePath}{operation.Path}");
    }

    private void Change(ImportedOperation operation, CatalogEndpoint known)
    {
        var what = $"endpoint {known.Name}";
        var details = new List<string>();
        var moves = _deploys && (known.Method != operation.Method || Shape(known.Path) != Shape(operation.Path)) && _target.Deployed.Contains(known.Name);
        if (known.Method != operation.Method || known.Path != operation.Path)
        {
            details.Add($"{known.Method} {known.Path} → {operation.Method} {operation.Path}{(moves ? Breaks : "")}");
        }
        if (known.Description != operation.Description)
        {
            details.Add("its description is different");
        }
        var source = known.Source;
        var stub = GeneratedSource.Mark(operation.Source);
        var text = Source(known);
        if (text is not null && GeneratedSource.IsUntouched(text))
        {
            if (text != stub)
            {
                details.Add("its stub is different");
                source = new EndpointSource { Files = [.. source.Files.Select(file => file.Name == HandlerFile ? file with { Text = stub } : file)], Packages = source.Packages };
            }
        }
        else if (details.Count > 0)
        {
            details.Add("its source was written by hand and stays as it is");
        }
        if (details.Count == 0)
        {
            _endpoints.Add(new(known, known));
            Line(PlannedChange.Unchanged, what);
            return;
        }
        _endpoints.Add(new(known, known with { Revision = known.Revision + 1, Method = operation.Method, Path = operation.Path, Description = operation.Description, Source = source, Changed = _now }));
        Line(PlannedChange.Changed, what, moves, [.. details]);
    }

    private void Remove(CatalogEndpoint endpoint)
    {
        if (!GeneratedSource.IsUntouched(Source(endpoint)!))
        {
            Line(Conflict, $"endpoint {endpoint.Name}", "the document does not have it any more, but its source was changed by hand: it stays; delete it if it is not needed");
            return;
        }
        _endpoints.Add(new(endpoint, null));
        Line(PlannedChange.Removed, $"endpoint {endpoint.Name}", _target.Deployed.Contains(endpoint.Name) ? [$"{endpoint.Method} {endpoint.Path}", "is taken out of service"] : [$"{endpoint.Method} {endpoint.Path}"]);
    }

    // "petstore-getPetById": the name of the handler too, which is there once.
    private string NameOf(ImportedOperation operation)
    {
        var prefix = new StringBuilder();
        foreach (var c in _target.Collection.Name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                prefix.Append(char.ToLowerInvariant(c));
            }
            else if (prefix.Length > 0 && prefix[^1] != '-')
            {
                prefix.Append('-');
            }
        }
        const int most = (EpochRules.MaxNameLength / 2) - 4; // room for '-' and a number
        var start = prefix.ToString(0, Math.Min(prefix.Length, most)).Trim('-');
        return start.Length == 0 ? operation.Name : $"{start}-{operation.Name}";
    }

    private void Line(string kind, string what, params IReadOnlyList<string> details) => Line(kind, what, false, details);

    private void Line(string kind, string what, bool breaking, IReadOnlyList<string> details) => _diff.Add(new PlannedChange(kind, what, details, breaking));

    private static CatalogEndpoint? Take(Dictionary<string, CatalogEndpoint> left, Func<CatalogEndpoint, bool> isIt)
    {
        var found = left.Values.FirstOrDefault(isIt);
        if (found is not null)
        {
            left.Remove(found.Name);
        }
        return found;
    }

    private static string? Source(CatalogEndpoint endpoint) => endpoint.Source.Files.FirstOrDefault(file => file.Name == HandlerFile)?.Text;

    private static string? Shape(string? path) => path is not null && RoutePattern.TryParse(path, out var pattern, out _) ? pattern!.Shape : null;

    private static string Shown(string path) => path.Length == 0 ? "none" : path;
}
