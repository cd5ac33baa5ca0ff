using EdgeGw.Bundles;
using EdgeGw.Configuration;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Compiling;
using EdgeGw.Control.Data;

namespace EdgeGw.Control.Bundles;

/// <summary>Applies a bundle: all of it as one epoch, with the rows of the catalog that it has, or nothing.</summary>
internal sealed class BundleApplication(EpochChanges changes, ArtifactStore artifacts, ControlDatabase database, CatalogParts catalog, CollectedBuilds builds, GatewaySettings settings, BundleBounds bounds, TimeProvider clock)
{
    /// <summary>Reads an archive, which it takes over, and applies it. Throws <see cref="ChangeRefusedException"/> with every reason.</summary>
    internal async Task<ChangeOutcome> ApplyAsync(FileStream archive, BundleQuery query, CancellationToken cancellation)
    {
        var uploads = new List<ArtifactUpload>();
        try
        {
            using var files = BundleZip.Open(archive, "The bundle", bounds);
            // The gateway's own variables are not a bundle's to read: an export would show them.
            var bundle = files.Read(_ => null, out _);
            var reasons = new List<string>();
            var planned = new List<PlannedHandler>();
            foreach (var handler in bundle.Handlers)
            {
                if (await ReceiveAsync(files, handler, reasons, cancellation) is { } upload)
                {
                    uploads.Add(upload);
                    planned.Add(new PlannedHandler(handler.Options, upload));
                }
                else
                {
                    planned.Add(new PlannedHandler(handler.Options, null));
                }
            }
            var texts = BundleSources.Read(files, bundle, settings.Catalog.MaxSourceBytes, reasons);
            if (reasons.Count > 0)
            {
                throw new ChangeRefusedException(422, Refused(bundle), reasons);
            }
            var rows = bundle.Domains is { } domains ? Plan(bundle, domains, texts, query) : null;
            var due = query.Deploy && rows is not null ? Due(bundle, rows) : [];
            using var libraries = await builds.CompileAsync(query.DryRun ? [] : due, cancellation);
            var plan = new ChangePlan
            {
                Name = bundle.Name,
                Deploy = [.. planned, .. libraries.All.Select(library => library.Planned)],
                Services = bundle.Services,
                Prune = query.Prune,
                Force = query.Force,
                DryRun = query.DryRun,
                Along = rows is { Changes: true } ? () => catalog.Writer.Write(rows.Change, Refused(bundle)) : null,
            };
            var outcome = await ApplyAsync(plan, rows, cancellation);
            return query.DryRun ? outcome with { Diff = [.. due.Select(WouldBe), .. outcome.Diff] } : outcome;
        }
        catch (BundleRefusedException e)
        {
            throw new ChangeRefusedException(422, e.Message, e.Reasons);
        }
        finally
        {
            foreach (var upload in uploads)
            {
                upload.Dispose();
            }
        }
    }

    private async Task<ChangeOutcome> ApplyAsync(ChangePlan plan, BundleCatalogPlan? rows, CancellationToken cancellation)
    {
        var outcome = await changes.ApplyAsync(plan, cancellation);
        if (rows is null)
        {
            return outcome;
        }
        outcome = outcome with { Diff = [.. outcome.Diff, .. rows.Diff] };
        if (plan.DryRun || !rows.Changes)
        {
            return outcome;
        }
        catalog.Writer.Delete(rows.Change, evenDeployed: true);
        return outcome.Changed ? outcome : outcome with { Changed = true, Reason = $"apply {plan.Name}: the catalog" };
    }

    // What the bundle has as sources alone, and does not serve as they are.
    private List<EndpointInPlace> Due(Bundle bundle, BundleCatalogPlan rows)
    {
        var given = bundle.Handlers.Select(handler => handler.Options.Name).ToHashSet(StringComparer.Ordinal);
        return [.. rows.Endpoints.Where(row => row.Endpoint is { Kind: EndpointKinds.Source, Enabled: true } && !given.Contains(row.Endpoint.Name) && !catalog.Deploys.IsServedAsWritten(row))];
    }

    private static PlannedChange WouldBe(EndpointInPlace endpoint) => new(PlannedChange.Changed, $"handler {endpoint.Endpoint.Name}", ["is compiled of its source, and deployed"], Breaking: false);

    private BundleCatalogPlan Plan(Bundle bundle, IReadOnlyList<BundleDomain> domains, Dictionary<string, string> texts, BundleQuery query) => database.Read(connection =>
    {
        var plan = BundleCatalogPlan.Make(connection, domains, file => texts[file], query.Prune, clock.GetUtcNow());
        if (plan.Reasons.Count > 0)
        {
            throw new ChangeRefusedException(422, Refused(bundle), plan.Reasons);
        }
        catalog.Writer.Check(connection, plan.Change, Refused(bundle));
        return plan;
    });

    private static string Refused(Bundle bundle) => $"{bundle.Name} cannot be applied; nothing was changed.";

    // Null, perhaps with a reason, for a handler whose library does not come with the bundle.
    private async Task<ArtifactUpload?> ReceiveAsync(BundleZip files, BundleHandler handler, List<string> reasons, CancellationToken cancellation)
    {
        if (handler.Library is not { } library)
        {
            if (handler.Project is not null)
            {
                reasons.Add($"{handler.Options.Name}: its library is made of the project '{handler.Project}' by 'edgegw apply', which sends it along; it is not in this archive.");
            }
            return null;
        }
        try
        {
            await using var content = files.Open(library);
            var upload = await artifacts.ReceiveAsync(content, library, cancellation);
            if (handler.Sha256 is null || handler.Sha256 == upload.Sha256)
            {
                return upload;
            }
            upload.Dispose();
            reasons.Add($"{handler.Options.Name}: '{library}' has the SHA-256 {upload.Sha256}, and {Bundle.File} says {handler.Sha256}.");
        }
        catch (ChangeRefusedException e) when (e.Status is 413 or 422)
        {
            reasons.Add($"{handler.Options.Name}: {e.Message}");
        }
        return null;
    }
}
