using EdgeGw.Bundles;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Bundles;

/// <summary>What a bundle makes of the catalog: rows are found by host, by name in their domain, and by name, and are then what the bundle says. Pure: nothing is written here.</summary>
internal sealed class BundleCatalogPlan
{
    private readonly SqliteConnection _connection;
    private readonly Func<string, string> _text;
    private readonly DateTimeOffset _now;
    private readonly List<PlannedChange> _diff = [];
    private readonly List<string> _reasons = [];
    private readonly List<RowChange<CatalogDomain>> _domains = [];
    private readonly List<RowChange<CatalogCollection>> _collections = [];
    private readonly List<RowChange<CatalogEndpoint>> _endpoints = [];

    private BundleCatalogPlan(SqliteConnection connection, Func<string, string> text, DateTimeOffset now) => (_connection, _text, _now) = (connection, text, now);

    /// <summary>The rows that are written and deleted.</summary>
    internal CatalogChange Change => new(_domains, _collections, _endpoints);

    /// <summary>The endpoints that the bundle names, as they are to be.</summary>
    internal IEnumerable<EndpointInPlace> Endpoints => _endpoints.Where(row => !row.IsDeleted).Select(row =>
    {
        var collection = _collections.First(known => known.After?.Id == row.After!.Collection).After!;
        return new EndpointInPlace(row.After!, collection, _domains.First(known => known.After?.Id == collection.Domain).After!);
    });

    /// <summary>Line by line.</summary>
    internal IReadOnlyList<PlannedChange> Diff => _diff;

    /// <summary>What a bundle cannot change.</summary>
    internal IReadOnlyList<string> Reasons => _reasons;

    /// <summary>Whether anything is different.</summary>
    internal bool Changes => _diff.Any(line => line.Kind != PlannedChange.Unchanged);

    /// <summary>Compares a bundle with what is there.</summary>
    /// <param name="connection">The catalog.</param>
    /// <param name="domains">What the bundle says of it.</param>
    /// <param name="text">The text of a file of the bundle.</param>
    /// <param name="prune">Whether rows that the bundle does not name go.</param>
    /// <param name="now">When.</param>
    internal static BundleCatalogPlan Make(SqliteConnection connection, IReadOnlyList<BundleDomain> domains, Func<string, string> text, bool prune, DateTimeOffset now)
    {
        var plan = new BundleCatalogPlan(connection, text, now);
        foreach (var domain in domains)
        {
            plan.Domain(domain);
        }
        if (prune)
        {
            plan.Prune(EndpointRows.All(connection), plan._endpoints, endpoint => $"endpoint {endpoint.Name}");
            plan.Prune(CollectionRows.All(connection), plan._collections, collection => $"collection {collection.Name}");
            plan.Prune(DomainRows.All(connection), plan._domains, domain => $"domain {domain.Host}");
        }
        return plan;
    }

    private void Domain(BundleDomain domain)
    {
        var known = DomainRows.FindHost(_connection, domain.Host);
        var row = known ?? new CatalogDomain(CatalogRevision.NewId(), 0, domain.Host, "", _now);
        List<string> details = known?.Description == domain.Description ? [] : ["its description is different"];
        row = Keep(_domains, known, row with { Revision = row.Revision + 1, Description = domain.Description, Changed = _now }, $"domain {domain.Host}", details);
        foreach (var collection in domain.Collections)
        {
            Collection(collection, row);
        }
    }

    private void Collection(BundleCollection collection, CatalogDomain domain)
    {
        var known = CollectionRows.FindName(_connection, domain.Id, collection.Name);
        var shared = Files(collection.Shared);
        var row = known ?? new CatalogCollection(CatalogRevision.NewId(), 0, domain.Id, collection.Name, "", "", [], _now);
        var details = new List<string>();
        Different(details, row.BasePath == collection.BasePath, $"base path {Shown(row.BasePath)} → {Shown(collection.BasePath)}");
        Different(details, row.Description == collection.Description, "its description is different");
        Different(details, row.Shared.SequenceEqual(shared), "its shared files are different");
        row = Keep(_collections, known, row with { Revision = row.Revision + 1, BasePath = collection.BasePath, Description = collection.Description, Shared = shared, Changed = _now }, $"collection {collection.Name}", details);
        foreach (var endpoint in collection.Endpoints)
        {
            Endpoint(endpoint, row);
        }
    }

    private void Endpoint(BundleEndpoint endpoint, CatalogCollection collection)
    {
        var known = EndpointRows.FindName(_connection, endpoint.Name);
        var source = new EndpointSource { Files = Files(endpoint.Files), Packages = endpoint.Packages };
        var row = new CatalogEndpoint
        {
            Id = known?.Id ?? CatalogRevision.NewId(),
            Revision = (known?.Revision ?? 0) + 1,
            Collection = collection.Id,
            Name = endpoint.Name,
            Method = endpoint.Method,
            Path = endpoint.Path,
            Description = endpoint.Description,
            Enabled = endpoint.Enabled,
            Kind = endpoint.Kind,
            Source = source,
            Services = endpoint.Services,
            Limits = endpoint.Limits,
            Settings = endpoint.Settings,
            Changed = _now,
        };
        if (known is not null && known.Kind != row.Kind)
        {
            _reasons.Add($"The endpoint '{known.Name}' is of the kind '{known.Kind}', which stays; make another one of the kind '{row.Kind}'.");
        }
        Keep(_endpoints, known, row, $"endpoint {endpoint.Name}", known is null ? [] : Details(known, row));
    }

    private static List<string> Details(CatalogEndpoint was, CatalogEndpoint now)
    {
        var details = new List<string>();
        Different(details, was.Collection == now.Collection, "moves to another collection");
        Different(details, (was.Method, was.Path) == (now.Method, now.Path), $"{was.Method} {was.Path} → {now.Method} {now.Path}");
        Different(details, was.Description == now.Description, "its description is different");
        Different(details, was.Enabled == now.Enabled, now.Enabled ? "is enabled" : "is disabled");
        Different(details, was.Source.Files.SequenceEqual(now.Source.Files), "its source is different");
        Different(details, was.Source.Packages.SequenceEqual(now.Source.Packages), "its packages are different");
        Different(details, was.Limits == now.Limits, "its limits are different");
        Different(details, EpochRules.SamePairs(was.Settings, now.Settings), "its settings are different");
        Different(details, EpochRules.SamePairs(was.Services, now.Services), "its services are different");
        return details;
    }

    // The row as it is to be, which is the known one where nothing is different.
    private T Keep<T>(List<RowChange<T>> rows, T? known, T next, string what, List<string> details) where T : class, ICatalogRow
    {
        var after = known is not null && details.Count == 0 ? known : next;
        rows.Add(new(known, after));
        _diff.Add(new PlannedChange(known is null ? PlannedChange.Added : details.Count == 0 ? PlannedChange.Unchanged : PlannedChange.Changed, what, known is null ? [] : details, Breaking: false));
        return after;
    }

    private void Prune<T>(IEnumerable<T> all, List<RowChange<T>> rows, Func<T, string> called) where T : class, ICatalogRow
    {
        var named = rows.Select(row => row.After!.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in all.Where(row => !named.Contains(row.Id)).ToList())
        {
            rows.Add(new(gone, null));
            _diff.Add(new PlannedChange(PlannedChange.Removed, called(gone), [], Breaking: false));
        }
    }

    private List<SourceFile> Files(IReadOnlyList<BundleSource> sources) => [.. sources.Select(source => new SourceFile { Name = source.Name, Text = _text(source.File) })];

    private static void Different(List<string> details, bool isSame, string detail)
    {
        if (!isSame)
        {
            details.Add(detail);
        }
    }

    private static string Shown(string path) => path.Length == 0 ? "none" : path;
}
