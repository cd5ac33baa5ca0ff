using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Documents;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Importing;

/// <summary>Finds the part of the catalog that an import is about, and plans what becomes of it.</summary>
internal sealed class ImportCatalog(EpochStore epochs, CatalogWriter writer, TimeProvider clock)
{
    /// <summary>What cannot be done, where the catalog's rules are against it.</summary>
    internal const string Refused = "The document cannot be imported; nothing was changed.";

    // A domain's host when none is given.
    private const string AnyHost = "*";
    private const int MostName = 100;

    /// <summary>What a document changes, by the rules of the catalog. Throws <see cref="ChangeRefusedException"/> with every reason.</summary>
    internal ImportPlan Plan(SqliteConnection connection, ImportedApi api, ImportQuery query)
    {
        var plan = ImportPlan.Make(Target(connection, api, query), api, query.Deploy, clock.GetUtcNow());
        writer.Check(connection, plan.Rows, Refused);
        return plan;
    }

    private ImportTarget Target(SqliteConnection connection, ImportedApi api, ImportQuery query)
    {
        var now = clock.GetUtcNow();
        var collection = query.Collection is { } id ? CollectionRows.Find(connection, id) : null;
        var domain = collection is not null ? DomainRows.Find(connection, collection.Domain)! : Domain(connection, query.Domain ?? AnyHost);
        if (collection is not null && query.Domain is { } other && other != domain.Id && !other.Equals(domain.Host, StringComparison.OrdinalIgnoreCase))
        {
            throw new ChangeRefusedException(422, $"The collection '{collection.Name}' is of the domain '{domain.Host}', not of '{DocumentBudget.Shown(other)}'.");
        }
        var name = query.Collection ?? (api.Title.Length == 0 ? "api" : api.Title.Length <= MostName ? api.Title : api.Title[..MostName]).Trim();
        collection ??= CollectionRows.FindName(connection, domain.Id, name) ?? new CatalogCollection(CatalogRevision.NewId(), 0, domain.Id, name, "", api.Description, [], now);
        var deployed = (epochs.Current?.Handlers ?? []).Select(handler => handler.Name).ToHashSet(StringComparer.Ordinal);
        var own = EndpointRows.Of(connection, collection.Id);
        var taken = EndpointRows.All(connection).Where(endpoint => endpoint.Collection != collection.Id).Select(endpoint => endpoint.Name).Concat(deployed.Except(own.Select(endpoint => endpoint.Name)));
        return new ImportTarget(domain, collection, own, [.. taken], deployed);
    }

    private CatalogDomain Domain(SqliteConnection connection, string given)
    {
        var host = given.ToLowerInvariant();
        return DomainRows.Find(connection, given) ?? DomainRows.FindHost(connection, host) ?? new CatalogDomain(CatalogRevision.NewId(), 0, host, "", clock.GetUtcNow());
    }
}
