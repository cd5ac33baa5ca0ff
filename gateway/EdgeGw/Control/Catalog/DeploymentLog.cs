using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Epochs;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>Keeps every attempt to change what serves, and which version of which endpoint came of it. A change that was made is not undone because it could not be written down.</summary>
internal sealed class DeploymentLog(ControlDatabase database, CatalogSettings settings, ControlLog log)
{
    /// <summary>Told of each that is kept.</summary>
    internal Action<DeploymentDocument>? Kept { get; set; }

    /// <summary>The newest before a number, newest first.</summary>
    internal List<DeploymentDocument> List(long before, string? handler, string? endpoint, int count) => database.Read(connection => DeploymentRows.List(connection, before, handler, endpoint, count));

    /// <summary>One of them.</summary>
    internal DeploymentDocument Get(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && database.Read(connection => DeploymentRows.Find(connection, number)) is { } found
            ? found
            : throw new ChangeRefusedException(404, $"There is no deployment '{(id.Length <= 80 ? id : id[..80] + "…")}' in the log, or it is not kept any more (Catalog:KeepDeployments).");

    /// <summary>The libraries of versions that can be gone back to; null when that cannot be read now.</summary>
    internal IReadOnlyList<string>? Libraries()
    {
        try
        {
            return database.Exists ? database.Read(VersionRows.Libraries) : [];
        }
        catch (ChangeRefusedException e)
        {
            log.Warning($"Which libraries the catalog still needs cannot be read, so none is removed: {e.Message}");
            return null;
        }
    }

    /// <summary>Keeps one; gives its number, null when it could not be written.</summary>
    internal long? Record(ChangeRecord change)
    {
        DeploymentDocument kept;
        try
        {
            kept = database.Write(connection =>
            {
                var deployment = Describe(change, Handlers(connection, change));
                return deployment with { Id = DeploymentRows.Add(connection, deployment, settings.KeepDeployments) };
            });
        }
        catch (ChangeRefusedException e)
        {
            log.Warning($"'{change.Outcome?.Reason ?? change.Refusal?.Message}' is not in the log of deployments: {e.Message}");
            return null;
        }
        Kept?.Invoke(kept);
        return kept.Id;
    }

    /// <summary>Keeps what is no epoch but changes what serves, as it ended.</summary>
    internal async Task<T> FollowAsync<T>(string action, string reason, Func<Task<T>> run, TimeProvider clock)
    {
        var (time, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        void Keep(ChangeOutcome? outcome, ChangeRefusedException? refusal) => Record(new ChangeRecord
        {
            Action = action,
            Author = ChangeAuthor.Name,
            Time = time,
            Elapsed = clock.GetElapsedTime(started),
            Outcome = outcome,
            Refusal = refusal,
        });
        try
        {
            var result = await run();
            Keep(new ChangeOutcome(null, true, reason), null);
            return result;
        }
        catch (ChangeRefusedException e)
        {
            Keep(null, e);
            throw;
        }
    }

    private static DeploymentDocument Describe(ChangeRecord change, IReadOnlyList<DeploymentHandler> handlers) => new(
        0, change.Time, change.Author, change.Action,
        change.Refusal is { } refusal ? refusal.Status < 500 ? "refused" : "failed" : change.Outcome!.Changed ? "made" : "unchanged",
        change.Refusal?.Status ?? 200, change.Refusal is null && change.Outcome!.Changed ? change.Outcome.Epoch?.Number : null, Math.Round(change.Elapsed.TotalMilliseconds, 1),
        change.Outcome?.Reason ?? change.Refusal!.Message, change.Refusal?.Reasons ?? [], handlers);

    private List<DeploymentHandler> Handlers(SqliteConnection connection, ChangeRecord change)
    {
        var handlers = new List<DeploymentHandler>();
        if (change.Outcome is not { Changed: true, Epoch: { } epoch })
        {
            if (change.Handler is { } name)
            {
                handlers.Add(new DeploymentHandler(name, "none", null, null, EndpointRows.FindName(connection, name)?.Id, null));
            }
            return handlers;
        }
        var before = (change.Before?.Handlers ?? []).ToDictionary(handler => handler.Name);
        foreach (var handler in epoch.Handlers)
        {
            before.Remove(handler.Name, out var replaced);
            var quarantined = epoch.QuarantineOf(handler) is not null;
            if (replaced is null || !EpochRules.SameDeployment(replaced, handler) || quarantined != (change.Before?.QuarantineOf(replaced) is not null))
            {
                handlers.Add(Served(connection, change, handler, quarantined ? "quarantined" : replaced is null ? "added" : "replaced"));
            }
        }
        foreach (var canary in epoch.Canaries)
        {
            // Its source is kept from here on: a promotion has none.
            if (change.Before?.Canaries.Any(known => known.Since == canary.Since && EpochRules.SameDeployment(known.Handler, canary.Handler)) != true)
            {
                handlers.Add(Served(connection, change, canary.Handler, "canary"));
            }
        }
        foreach (var handler in before.Values)
        {
            handlers.Add(new DeploymentHandler(handler.Name, "removed", handler.Version, handler.Sha256, EndpointRows.FindName(connection, handler.Name)?.Id, null));
        }
        return handlers;
    }

    private DeploymentHandler Served(SqliteConnection connection, ChangeRecord change, EpochHandler handler, string what)
    {
        if (EndpointRows.FindName(connection, handler.Name) is not { } endpoint)
        {
            return new DeploymentHandler(handler.Name, what, handler.Version, handler.Sha256, null, null);
        }
        var origin = change.Origins.FirstOrDefault(origin => origin.Endpoint == endpoint.Id);
        var version = VersionRows.Record(
            connection, new EndpointVersion(endpoint.Id, 0, change.Time, change.Author, handler.Version, handler.Sha256, origin?.Build, origin?.Source, handler), settings.KeepVersions);
        // Somebody wants it served, or it would not be.
        EndpointRows.SetEnabled(connection, endpoint.Id, true);
        return new DeploymentHandler(handler.Name, what, handler.Version, handler.Sha256, endpoint.Id, version);
    }
}
