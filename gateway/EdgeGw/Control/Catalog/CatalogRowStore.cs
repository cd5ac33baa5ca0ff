using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>Rows of one table that people add, replace and delete, each at a revision. Throws <see cref="ChangeRefusedException"/>; then nothing was written.</summary>
/// <param name="database">Where they are.</param>
/// <param name="table">The table.</param>
/// <param name="most">The most rows in it.</param>
/// <param name="setting">The setting that says so.</param>
/// <param name="clock">For when a row was changed.</param>
internal abstract class CatalogRowStore<TRow, TRequest, TDocument>(ControlDatabase database, CatalogTable<TRow> table, int most, string setting, TimeProvider clock) where TRow : class, ICatalogRow
{
    /// <summary>Where the rows are.</summary>
    protected ControlDatabase Database => database;

    /// <summary>One of them.</summary>
    internal TDocument Get(string id) => database.Read(connection => Describe(connection, Find(connection, id)));

    /// <summary>Adds one.</summary>
    internal TDocument Add(TRequest request) => database.Write(connection => table.Count(connection) >= most
        ? throw new ChangeRefusedException(409, $"The catalog has {most} {table.Kind}s, the most that {setting} allows; delete one, or raise it.")
        : Write(connection, table.At(Blank(CatalogRevision.NewId()), 1), request, clock.GetUtcNow()));

    /// <summary>Writes one anew: what is not given is empty. What is deployed stays as it is until its next deploy.</summary>
    internal TDocument Replace(string id, CatalogRevision revision, TRequest request) => database.Write(connection =>
    {
        var known = Find(connection, id);
        revision.Demand(table.Called(known), known.Revision);
        return Write(connection, table.At(known, known.Revision + 1), request, clock.GetUtcNow());
    });

    /// <summary>Deletes one in which nothing stands.</summary>
    internal void Delete(string id, CatalogRevision revision) => database.Write(connection =>
    {
        var known = Find(connection, id);
        revision.Demand(table.Called(known), known.Revision);
        table.DemandEmpty(connection, known);
        table.Delete(connection, id);
    });

    /// <summary>A row in which nothing is said yet.</summary>
    protected abstract TRow Blank(string id);

    /// <summary>Writes what a request says into a row, which has its revision, if it may be.</summary>
    protected abstract TDocument Write(SqliteConnection connection, TRow row, TRequest request, DateTimeOffset now);

    /// <summary>A row as the Admin API shows it.</summary>
    protected abstract TDocument Describe(SqliteConnection connection, TRow row);

    private TRow Find(SqliteConnection connection, string id) => table.Find(connection, id) ?? throw CatalogRevision.Missing(table.Kind, id);
}
