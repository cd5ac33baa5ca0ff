using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>Collections, read and changed. Throws <see cref="ChangeRefusedException"/>; then nothing was written.</summary>
internal sealed class CollectionStore(ControlDatabase database, CatalogSettings settings, TimeProvider clock)
{
    /// <summary>All of them, or those of a domain, by name, without their shared files.</summary>
    internal List<CollectionDocument> List(string? domain) => database.Read(connection =>
        CollectionRows.All(connection).Where(collection => domain is null || collection.Domain == domain).Select(collection => Describe(connection, collection) with { Shared = null }).ToList());

    /// <summary>One of them.</summary>
    internal CollectionDocument Get(string id) => database.Read(connection => Describe(connection, Find(connection, id)));

    /// <summary>Adds one.</summary>
    internal CollectionDocument Add(CollectionRequest request) => database.Write(connection =>
    {
        if (connection.Number("SELECT count(*) FROM collection") >= settings.MaxCollections)
        {
            throw new ChangeRefusedException(409, $"The catalog has {settings.MaxCollections} collections, the most that Catalog:MaxCollections allows; delete one, or raise it.");
        }
        return Write(connection, new CatalogCollection(CatalogRevision.NewId(), 1, "", "", "", "", [], clock.GetUtcNow()), request);
    });

    /// <summary>Writes one anew: what is not given is empty. What is deployed keeps host and path until its next deploy.</summary>
    internal CollectionDocument Replace(string id, CatalogRevision revision, CollectionRequest request) => database.Write(connection =>
    {
        var known = Find(connection, id);
        revision.Demand($"The collection '{known.Name}'", known.Revision);
        return Write(connection, known with { Revision = known.Revision + 1, Changed = clock.GetUtcNow() }, request);
    });

    /// <summary>Deletes one that has no endpoints.</summary>
    internal void Delete(string id, CatalogRevision revision) => database.Write(connection =>
    {
        var known = Find(connection, id);
        revision.Demand($"The collection '{known.Name}'", known.Revision);
        if (connection.Number("SELECT count(*) FROM endpoint WHERE collection = $id", ("$id", id)) is > 0 and var count)
        {
            throw new ChangeRefusedException(409, $"The collection '{known.Name}' has {(count == 1 ? "an endpoint" : $"{count} endpoints")}: delete or move {(count == 1 ? "it" : "them")} first.");
        }
        CollectionRows.Delete(connection, id);
    });

    private CollectionDocument Write(SqliteConnection connection, CatalogCollection before, CollectionRequest request)
    {
        var collection = before with
        {
            Domain = request.Domain ?? "",
            Name = (request.Name ?? "").Trim(),
            BasePath = request.BasePath ?? "",
            Description = request.Description ?? "",
            Shared = request.Shared ?? [],
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

    private static CatalogCollection Find(SqliteConnection connection, string id) => CollectionRows.Find(connection, id) ?? throw CatalogRevision.Missing("collection", id);

    private static CollectionDocument Describe(SqliteConnection connection, CatalogCollection collection) => new(
        collection.Id, collection.Revision, collection.Domain, DomainRows.Find(connection, collection.Domain)!.Host, collection.Name, collection.BasePath, collection.Description, collection.Shared,
        connection.Number("SELECT count(*) FROM endpoint WHERE collection = $id", ("$id", collection.Id)), collection.Changed);
}
