using System.Text.Json;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>The table of collections.</summary>
internal static class CollectionRows
{
    private const string Columns = "SELECT id, revision, domain, name, base_path, description, shared, changed FROM collection";

    internal static List<CatalogCollection> All(SqliteConnection connection) => connection.Rows(Columns + " ORDER BY name, id", Read);

    internal static CatalogCollection? Find(SqliteConnection connection, string id) => connection.Row(Columns + " WHERE id = $id", Read, ("$id", id));

    internal static CatalogCollection? FindName(SqliteConnection connection, string domain, string name) =>
        connection.Row(Columns + " WHERE domain = $domain AND name = $name", Read, ("$domain", domain), ("$name", name));

    /// <summary>Adds it, or writes it over the one of its id.</summary>
    internal static void Put(SqliteConnection connection, CatalogCollection collection) => connection.Run(
        """
        INSERT INTO collection (id, revision, domain, name, base_path, description, shared, changed) VALUES ($id, $revision, $domain, $name, $path, $description, $shared, $changed)
        ON CONFLICT (id) DO UPDATE SET revision = $revision, domain = $domain, name = $name, base_path = $path, description = $description, shared = $shared, changed = $changed
        """,
        ("$id", collection.Id), ("$revision", collection.Revision), ("$domain", collection.Domain), ("$name", collection.Name), ("$path", collection.BasePath), ("$description", collection.Description),
        ("$shared", JsonSerializer.Serialize(collection.Shared, CatalogKeepJson.Default.IReadOnlyListSourceFile)), ("$changed", DomainRows.Time(collection.Changed)));

    internal static void Delete(SqliteConnection connection, string id) => connection.Run("DELETE FROM collection WHERE id = $id", ("$id", id));

    private static CatalogCollection Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        JsonSerializer.Deserialize(row.GetString(6), CatalogKeepJson.Default.IReadOnlyListSourceFile)!, DomainRows.Time(row.GetString(7)));
}
