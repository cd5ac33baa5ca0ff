using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Compiling;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;
using EdgeGw.Documents;

namespace EdgeGw.Control.Importing;

/// <summary>Imports OpenAPI documents into the catalog, and deploys what comes of them where that is asked for: all of one, or nothing. Throws <see cref="ChangeRefusedException"/>.</summary>
internal sealed class OpenApiImport(ControlDatabase database, EpochStore epochs, EpochChanges changes, CatalogParts catalog, CollectedBuilds builds, ImportBounds bounds, TimeProvider clock)
{
    private readonly ImportCatalog _target = new(epochs, catalog.Writer, clock);

    /// <summary>How large a document may be.</summary>
    internal ImportBounds Bounds => bounds;

    /// <summary>Imports a document, or says what that would do.</summary>
    /// <param name="document">Its bytes.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="query">Where to, and whether.</param>
    /// <param name="cancellation">Ends the builds and the wait for a turn; a change that has begun is finished.</param>
    internal async Task<ImportOutcome> ImportAsync(ReadOnlyMemory<byte> document, string file, ImportQuery query, CancellationToken cancellation)
    {
        var faults = new DocumentFaults(file);
        var api = OpenApiReader.Read(document, Bounds, faults) ?? throw new ChangeRefusedException(422, $"{file} cannot be imported; nothing was changed.", faults.All);
        var plan = database.Read(connection => _target.Plan(connection, api, query));
        var due = query.Deploy ? plan.Endpoints.Where(endpoint => endpoint.Endpoint.Enabled && !catalog.Deploys.IsServedAsWritten(endpoint)).ToList() : [];
        if (query.DryRun || (!plan.Changes && due.Count == 0))
        {
            return new ImportOutcome(plan, false, null, [.. due.Select(endpoint => new ImportedDeploy(endpoint.Endpoint.Name, null, null, false))]);
        }
        // Before anything is compiled: that takes its time.
        if (!query.Force && plan.Diff.Where(line => line.Breaking).Select(line => $"{line.What}: {string.Join("; ", line.Details)}.").ToList() is { Count: > 0 } reasons)
        {
            throw new ChangeRefusedException(409, $"{file} lets somebody down, so nothing was changed; force=true (--force) applies it all the same.", reasons);
        }
        using var libraries = await builds.CompileAsync(due, cancellation);
        var epoch = await ApplyAsync(plan, libraries, query.Force, cancellation);
        return new ImportOutcome(plan, true, epoch, [.. libraries.All.Select(library => new ImportedDeploy(library.Endpoint.Endpoint.Name, library.Build.Id, library.Upload.Sha256, library.Build.Cached))]);
    }

    // The rows and what serves, as one; gives the epoch, null where none was made.
    private async Task<long?> ApplyAsync(ImportPlan plan, CollectedLibraries libraries, bool force, CancellationToken cancellation)
    {
        var change = plan.Rows;
        // What the document has no more must not serve when its row is gone.
        var served = plan.Removed.Where(endpoint => IsDeployed(endpoint.Name)).Select(endpoint => endpoint.Name).ToList();
        ChangeOutcome? outcome = null;
        if (served.Count + libraries.All.Count > 0)
        {
            var planned = libraries.All.Select(library => library.Planned).ToList();
            var name = $"import {(EpochRules.IsName(plan.Collection.Name) ? plan.Collection.Name : "of a collection")}";
            outcome = await changes.ApplyAsync(new ChangePlan { Name = name, Deploy = planned, Remove = served, Force = force, Along = () => catalog.Writer.Write(change, ImportCatalog.Refused) }, cancellation);
        }
        else
        {
            catalog.Writer.Write(change, ImportCatalog.Refused);
        }
        catalog.Writer.Delete(change);
        return outcome is { Changed: true, Epoch: { } epoch } ? epoch.Number : null;
    }

    private bool IsDeployed(string handler) => epochs.Current?.Handlers.Any(deployed => deployed.Name == handler) == true;
}

/// <summary>What came of an import.</summary>
/// <param name="Plan">What it does.</param>
/// <param name="Applied">Whether it was done; false for a dry run, and when nothing was different.</param>
/// <param name="Epoch">The epoch in which endpoints were put in service and taken out of it; null when none was.</param>
/// <param name="Deployed">The endpoints that were compiled and deployed with it, or would be.</param>
internal sealed record ImportOutcome(ImportPlan Plan, bool Applied, long? Epoch, IReadOnlyList<ImportedDeploy> Deployed);

/// <summary>An endpoint that an import deploys.</summary>
/// <param name="Endpoint">Its name.</param>
/// <param name="Build">Its build; null where it would be compiled.</param>
/// <param name="Sha256">Of the library.</param>
/// <param name="Cached">Whether the same content was compiled before.</param>
internal sealed record ImportedDeploy(string Endpoint, string? Build, string? Sha256, bool Cached);
