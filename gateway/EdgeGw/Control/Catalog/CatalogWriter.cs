using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>Writes changes of many rows of the catalog. Throws <see cref="ChangeRefusedException"/>; then nothing was written.</summary>
internal sealed class CatalogWriter(ControlDatabase database, EndpointStore endpoints, EpochStore epochs, CatalogSettings settings, ControlLog log)
{
    /// <summary>Throws (422) with every reason why a change breaks the rules of the catalog; <paramref name="title"/> says what cannot be done.</summary>
    internal void Check(SqliteConnection connection, CatalogChange change, string title)
    {
        var reasons = new List<string>();
        CatalogChangeRules.Check(connection, change, settings, reasons);
        if (reasons.Count > 0)
        {
            throw new ChangeRefusedException(422, title, reasons);
        }
    }

    /// <summary>Writes what is added and changed, if every row that the change names is still as it was read (409). What it gives takes that back, and does not throw.</summary>
    internal Action Write(CatalogChange change, string title)
    {
        database.Write(connection =>
        {
            CatalogTables.Domains.Demand(connection, change.Domains);
            CatalogTables.Collections.Demand(connection, change.Collections);
            CatalogTables.Endpoints.Demand(connection, change.Endpoints);
            Check(connection, change, title);
            CatalogTables.Domains.Write(connection, change.Domains);
            CatalogTables.Collections.Write(connection, change.Collections);
            CatalogTables.Endpoints.Write(connection, change.Endpoints);
            foreach (var row in change.Endpoints.Where(row => row.Before is null))
            {
                endpoints.Adopt(connection, row.After!);
            }
        });
        Tell(change);
        return () => TakeBack(change);
    }

    /// <summary>Deletes what is to go; what somebody has changed or filled meanwhile stays, and so does what is deployed unless <paramref name="evenDeployed"/>.</summary>
    internal void Delete(CatalogChange change, bool evenDeployed = false)
    {
        var deployed = (evenDeployed ? [] : epochs.Current?.Handlers ?? []).Select(handler => handler.Name).ToHashSet(StringComparer.Ordinal);
        database.Write(connection =>
        {
            CatalogTables.Endpoints.DeleteGone(connection, change.Endpoints.Where(row => row.IsDeleted && !deployed.Contains(row.Before!.Name)));
            CatalogTables.Collections.DeleteGone(connection, change.Collections);
            CatalogTables.Domains.DeleteGone(connection, change.Domains);
        });
        Tell(change);
    }

    private void TakeBack(CatalogChange change)
    {
        try
        {
            database.Write(connection =>
            {
                CatalogTables.Endpoints.TakeBack(connection, change.Endpoints);
                CatalogTables.Collections.TakeBack(connection, change.Collections);
                CatalogTables.Domains.TakeBack(connection, change.Domains);
            });
            Tell(change);
        }
        catch (Exception e) when (e is ChangeRefusedException or SqliteException)
        {
            // What serves is as it was; the rows say what somebody wanted it to be.
            log.Error($"Rows of the catalog that were written for a change that was not made cannot be taken back: {e.Message}");
        }
    }

    private void Tell(CatalogChange change)
    {
        foreach (var id in change.Touched)
        {
            endpoints.Changed?.Invoke(id);
        }
    }
}
