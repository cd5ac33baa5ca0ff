using EdgeGw.Configuration;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;
using EdgeGw.Documents;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Importing;

/// <summary>Imports OpenAPI documents into the catalog: all of one, or nothing. Throws <see cref="ChangeRefusedException"/>.</summary>
internal sealed class OpenApiImport(ControlDatabase database, EpochStore epochs, EpochChanges changes, EndpointStore endpoints, GatewaySettings settings, TimeProvider clock)
{
    // A domain's host when none is given.
    private const string AnyHost = "*";
    private const int MostName = 100;

    /// <summary>How large a document may be.</summary>
    internal ImportBounds Bounds { get; } = new(settings.Import.MaxBytes, settings.Import.MaxNodes, settings.Import.MaxOperations);

    /// <summary>Imports a document, or says what that would do.</summary>
    /// <param name="document">Its bytes.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="query">Where to, and whether.</param>
    /// <param name="cancellation">Ends the wait for a turn.</param>
    internal async Task<ImportOutcome> ImportAsync(ReadOnlyMemory<byte> document, string file, ImportQuery query, CancellationToken cancellation)
    {
        var faults = new DocumentFaults(file);
        var api = OpenApiReader.Read(document, Bounds, faults) ?? throw new ChangeRefusedException(422, $"{file} cannot be imported; nothing was changed.", faults.All);
        var plan = database.Read(connection => Plan(connection, api, query));
        if (query.DryRun || !plan.Changes)
        {
            return new ImportOutcome(plan, false, null);
        }
        // What the document has no more must not serve when its row is gone.
        var served = plan.Removed.Where(endpoint => IsDeployed(endpoint.Name)).Select(endpoint => endpoint.Name).ToList();
        var undeployed = served.Count == 0 ? null
            : await changes.ApplyAsync(new ChangePlan { Name = $"import {(EpochRules.IsName(plan.Collection.Name) ? plan.Collection.Name : "of a collection")}", Remove = served }, cancellation);
        var written = database.Write(connection =>
        {
            var again = Plan(connection, api, query);
            Write(connection, again);
            return again;
        });
        foreach (var endpoint in written.Written.Concat(written.Removed))
        {
            endpoints.Changed?.Invoke(endpoint.Id);
        }
        return new ImportOutcome(written, true, undeployed?.Epoch?.Number);
    }

    private ImportPlan Plan(SqliteConnection connection, ImportedApi api, ImportQuery query)
    {
        var plan = ImportPlan.Make(Target(connection, api, query), api, clock.GetUtcNow());
        Check(connection, plan);
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

    // The rules of the catalog, over all that is to be, so that every reason is given at once.
    private void Check(SqliteConnection connection, ImportPlan plan)
    {
        var reasons = new List<string>();
        CatalogRules.Check(plan.Domain, reasons);
        CatalogRules.Check(plan.Collection, settings.Catalog, reasons);
        foreach (var endpoint in plan.Written)
        {
            var faults = new List<string>();
            CatalogRules.Check(endpoint, plan.Collection, settings.Catalog, faults);
            reasons.AddRange(faults.Select(fault => $"{endpoint.Name}: {fault}"));
        }
        if (connection.Number("SELECT count(*) FROM endpoint") + plan.Written.Count(endpoint => endpoint.Revision == 1) - plan.Removed.Count > settings.Catalog.MaxEndpoints)
        {
            reasons.Add($"With these, the catalog would have more than {settings.Catalog.MaxEndpoints} endpoints, the most that Catalog:MaxEndpoints allows.");
        }
        if (plan.Collection.Revision == 1 && connection.Number("SELECT count(*) FROM collection") >= settings.Catalog.MaxCollections)
        {
            reasons.Add($"The catalog has {settings.Catalog.MaxCollections} collections, the most that Catalog:MaxCollections allows; delete one, or raise it.");
        }
        var gone = plan.Removed.Concat(plan.Written).Select(endpoint => endpoint.Id).ToHashSet(StringComparer.Ordinal);
        var others = EndpointRows.Places(connection).Where(place => !gone.Contains(place.Endpoint)).ToLookup(place => place.Collection == plan.Collection.Id);
        var own = EndpointRows.Of(connection, plan.Collection.Id).Where(endpoint => !gone.Contains(endpoint.Id) && endpoint.Path is not null).Concat(plan.Written)
            .Select(endpoint => new CatalogRoutes.Place(endpoint.Id, plan.Collection.Id, endpoint.Name, plan.Domain.Host, endpoint.Method!, plan.Collection.BasePath + endpoint.Path));
        CatalogRoutes.Check(own, others[false], reasons);
        if (reasons.Count > 0)
        {
            throw new ChangeRefusedException(422, "The document cannot be imported; nothing was changed.", reasons);
        }
    }

    private void Write(SqliteConnection connection, ImportPlan plan)
    {
        if (plan.Removed.FirstOrDefault(endpoint => IsDeployed(endpoint.Name)) is { } deployed)
        {
            throw new ChangeRefusedException(409, $"The endpoint '{deployed.Name}' was deployed meanwhile; import again.");
        }
        if (plan.Domain.Revision == 0)
        {
            DomainRows.Put(connection, plan.Domain with { Revision = 1 });
        }
        // Removed first: a route may be another endpoint's from here on.
        foreach (var endpoint in plan.Removed)
        {
            EndpointRows.Delete(connection, endpoint.Id);
        }
        CollectionRows.Put(connection, plan.Collection);
        foreach (var endpoint in plan.Written)
        {
            EndpointRows.Put(connection, endpoint);
        }
    }

    private bool IsDeployed(string handler) => epochs.Current?.Handlers.Any(deployed => deployed.Name == handler) == true;
}

/// <summary>What came of an import.</summary>
/// <param name="Plan">What it does.</param>
/// <param name="Applied">Whether it was done; false for a dry run, and when nothing was different.</param>
/// <param name="Epoch">The epoch in which endpoints were taken out of service; null when none was.</param>
internal sealed record ImportOutcome(ImportPlan Plan, bool Applied, long? Epoch);
