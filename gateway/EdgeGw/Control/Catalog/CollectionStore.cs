using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>Collections, read and changed.</summary>
internal sealed class CollectionStore(ControlDatabase database, CatalogSettings settings, TimeProvider clock)
    : CatalogRowStore<CatalogCollection, CollectionRequest, CollectionDocument>(database, CatalogTables.Collections, settings.MaxCollections, "Catalog:MaxCollections", clock)
{
    /// <summary>All of them, or those of a domain, by name, without their shared files.</summary>
    internal List<CollectionDocument> List(string? domain) => Database.Read(connection =>
        CollectionRows.All(connection).Where(collection => domain is null || collection.Domain == domain).Select(collection => Describe(connection, collection) with { Shared = null }).ToList());

    /// <inheritdoc/>
    protected override CatalogCollection Blank(string id) => new(id, 0, "", "", "", "", [], default);

    /// <inheritdoc/>
    protected override CollectionDocument Write(SqliteConnection connection, CatalogCollection row, CollectionRequest request, DateTimeOffset now)
    {
        var collection = row with
        {
            Domain = request.Domain ?? "",
            Name = (request.Name ?? "").Trim(),
            BasePath = request.BasePath ?? "",
            Description = request.Description ?? "",
            Shared = request.Shared ?? [],
            Changed = now,
        };
        var reasons = new List<string>();
        CatalogRules.Check(collection, settings, reasons);
        var domain = DomainRows.Find(connection, collection.Domain);
        if (domain is null)
        {
            reasons.Add(collection.Domain.Length == 0 ? "The collection needs a 'domain', the id of one." : $"There is no domain '{collection.Domain}'.");
        }
        else
        {
            Endpoints(connection, collection, reasons);
        }
        CatalogRevision.Refuse("The collection", reasons);
        if (CollectionRows.FindName(connection, collection.Domain, collection.Name) is { } other && other.Id != collection.Id)
        {
            throw new ChangeRefusedException(409, $"The domain '{domain!.Host}' has a collection '{collection.Name}' already ({other.Id}).");
        }
        CollectionRows.Put(connection, collection);
        var places = EndpointRows.Places(connection).ToLookup(place => place.Collection == collection.Id);
        CatalogRoutes.Check(places[true], places[false], reasons);
        if (reasons.Count > 0)
        {
            throw new ChangeRefusedException(409, "The collection's endpoints would answer what others answer already; nothing was written.", reasons);
        }
        return Describe(connection, collection);
    }

    /// <inheritdoc/>
    protected override CollectionDocument Describe(SqliteConnection connection, CatalogCollection row) => new(
        row.Id, row.Revision, row.Domain, DomainRows.Find(connection, row.Domain)!.Host, row.Name, row.BasePath, row.Description, row.Shared,
        CatalogTables.Collections.CountInside(connection, row.Id), row.Changed);

    // What it has must fit its new path and files.
    private void Endpoints(SqliteConnection connection, CatalogCollection collection, List<string> reasons)
    {
        foreach (var endpoint in EndpointRows.Of(connection, collection.Id))
        {
            var faults = new List<string>();
            CatalogRules.Check(endpoint, collection, settings, faults);
            reasons.AddRange(faults.Select(fault => $"{endpoint.Name}: {fault}"));
        }
    }
}
