using EdgeGw.Configuration;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>The rules of the catalog over all that a change of many rows would leave, so that every reason is given at once.</summary>
internal static class CatalogChangeRules
{
    /// <summary>Adds a sentence for each fault.</summary>
    internal static void Check(SqliteConnection connection, CatalogChange change, CatalogSettings settings, List<string> reasons)
    {
        var domains = Overlay(DomainRows.All(connection), change.Domains);
        var collections = Overlay(CollectionRows.All(connection), change.Collections);
        var endpoints = Overlay(EndpointRows.All(connection), change.Endpoints);
        foreach (var domain in Written(change.Domains))
        {
            CatalogRules.Check(domain, reasons);
        }
        foreach (var collection in Written(change.Collections))
        {
            CatalogRules.Check(collection, settings, reasons);
        }
        foreach (var endpoint in Affected(connection, change))
        {
            var faults = new List<string>();
            CatalogRules.Check(endpoint, collections[endpoint.Collection], settings, faults);
            reasons.AddRange(faults.Select(fault => $"{endpoint.Name}: {fault}"));
        }
        Count(change.Domains, domains.Count, settings.MaxDomains, "domains", "Catalog:MaxDomains", reasons);
        Count(change.Collections, collections.Count, settings.MaxCollections, "collections", "Catalog:MaxCollections", reasons);
        Count(change.Endpoints, endpoints.Count, settings.MaxEndpoints, "endpoints", "Catalog:MaxEndpoints", reasons);
        Routes(change, domains, collections, endpoints, reasons);
    }

    // With their source: what is written, and what stands in a collection that is.
    private static IEnumerable<CatalogEndpoint> Affected(SqliteConnection connection, CatalogChange change)
    {
        var named = change.Endpoints.Select(row => (row.After ?? row.Before!).Id).ToHashSet(StringComparer.Ordinal);
        var others = change.Collections.Where(row => row.IsWritten && row.Before is not null).SelectMany(row => EndpointRows.Of(connection, row.Before!.Id)).Where(endpoint => !named.Contains(endpoint.Id));
        var collections = Written(change.Collections).Select(collection => collection.Id).ToHashSet(StringComparer.Ordinal);
        return change.Endpoints.Where(row => row.IsWritten || (row.After is { } kept && collections.Contains(kept.Collection))).Select(row => row.After!).Concat(others);
    }

    private static void Count<T>(IReadOnlyList<RowChange<T>> rows, int count, int most, string what, string setting, List<string> reasons) where T : class, ICatalogRow
    {
        if (count > most && rows.Count(row => row.Before is null) > rows.Count(row => row.IsDeleted))
        {
            reasons.Add($"With these, the catalog would have {count} {what}; {most} are the most that {setting} allows.");
        }
    }

    private static void Routes(
        CatalogChange change, Dictionary<string, CatalogDomain> domains, Dictionary<string, CatalogCollection> collections, Dictionary<string, CatalogEndpoint> endpoints, List<string> reasons)
    {
        var changedDomains = Written(change.Domains).Select(domain => domain.Id).ToHashSet(StringComparer.Ordinal);
        var changedCollections = Written(change.Collections).Select(collection => collection.Id).ToHashSet(StringComparer.Ordinal);
        var changed = Written(change.Endpoints).Select(endpoint => endpoint.Id).ToHashSet(StringComparer.Ordinal);
        var places = endpoints.Values.Where(endpoint => endpoint is { Kind: EndpointKinds.Source, Method: not null, Path: not null }).Select(endpoint =>
        {
            var collection = collections[endpoint.Collection];
            return new CatalogRoutes.Place(endpoint.Id, collection.Id, endpoint.Name, domains[collection.Domain].Host, endpoint.Method!, collection.BasePath + endpoint.Path);
        }).ToLookup(place => changed.Contains(place.Endpoint) || changedCollections.Contains(place.Collection) || changedDomains.Contains(collections[place.Collection].Domain));
        CatalogRoutes.Check(places[true], places[false], reasons);
    }

    private static IEnumerable<T> Written<T>(IReadOnlyList<RowChange<T>> rows) where T : class, ICatalogRow => rows.Where(row => row.IsWritten).Select(row => row.After!);

    private static Dictionary<string, T> Overlay<T>(IEnumerable<T> rows, IReadOnlyList<RowChange<T>> changes) where T : class, ICatalogRow
    {
        var all = rows.ToDictionary(row => row.Id, StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.IsWritten)
            {
                all[change.After!.Id] = change.After;
            }
            else if (change.IsDeleted)
            {
                all.Remove(change.Before!.Id);
            }
        }
        return all;
    }
}
