using System.Text.Json;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>The table of endpoints.</summary>
internal static class EndpointRows
{
    private const string Columns = "SELECT id, revision, collection, name, method, path, description, enabled, kind, services, limits, settings, changed, source FROM endpoint";

    // Lists do without the source, which is most of a row.
    private const string WithoutSource = "SELECT id, revision, collection, name, method, path, description, enabled, kind, services, limits, settings, changed, NULL FROM endpoint";

    private static readonly EndpointSource s_notRead = new();

    /// <summary>All of them by name, without their source.</summary>
    internal static List<CatalogEndpoint> All(SqliteConnection connection) => connection.Rows(WithoutSource + " ORDER BY name", Read);

    /// <summary>Those of a collection, with their source.</summary>
    internal static List<CatalogEndpoint> Of(SqliteConnection connection, string collection) => connection.Rows(Columns + " WHERE collection = $collection ORDER BY name", Read, ("$collection", collection));

    internal static CatalogEndpoint? Find(SqliteConnection connection, string id) => connection.Row(Columns + " WHERE id = $id", Read, ("$id", id));

    internal static CatalogEndpoint? FindName(SqliteConnection connection, string name) => connection.Row(Columns + " WHERE name = $name", Read, ("$name", name));

    /// <summary>What all endpoints of the source kind answer to.</summary>
    internal static List<CatalogRoutes.Place> Places(SqliteConnection connection) => connection.Rows(
        """
        SELECT endpoint.id, endpoint.collection, endpoint.name, domain.host, endpoint.method, collection.base_path || endpoint.path
        FROM endpoint JOIN collection ON collection.id = endpoint.collection JOIN domain ON domain.id = collection.domain WHERE endpoint.kind = 'source'
        """,
        row => new CatalogRoutes.Place(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)));

    /// <summary>Adds it, or writes it over the one of its id.</summary>
    internal static void Put(SqliteConnection connection, CatalogEndpoint endpoint) => connection.Run(
        """
        INSERT INTO endpoint (id, revision, collection, name, method, path, description, enabled, kind, source, services, limits, settings, changed)
        VALUES ($id, $revision, $collection, $name, $method, $path, $description, $enabled, $kind, $source, $services, $limits, $settings, $changed)
        ON CONFLICT (id) DO UPDATE SET revision = $revision, collection = $collection, name = $name, method = $method, path = $path, description = $description, enabled = $enabled, kind = $kind,
            source = $source, services = $services, limits = $limits, settings = $settings, changed = $changed
        """,
        ("$id", endpoint.Id), ("$revision", endpoint.Revision), ("$collection", endpoint.Collection), ("$name", endpoint.Name), ("$method", endpoint.Method), ("$path", endpoint.Path),
        ("$description", endpoint.Description), ("$enabled", endpoint.Enabled ? 1 : 0), ("$kind", endpoint.Kind), ("$source", JsonSerializer.Serialize(endpoint.Source, CatalogKeepJson.Default.EndpointSource)),
        ("$services", JsonSerializer.Serialize(endpoint.Services, CatalogKeepJson.Default.IReadOnlyDictionaryStringString)), ("$limits", JsonSerializer.Serialize(endpoint.Limits, CatalogKeepJson.Default.EpochLimits)),
        ("$settings", JsonSerializer.Serialize(endpoint.Settings, CatalogKeepJson.Default.IReadOnlyDictionaryStringString)), ("$changed", DomainRows.Time(endpoint.Changed)));

    internal static void SetEnabled(SqliteConnection connection, string id, bool enabled) =>
        connection.Run("UPDATE endpoint SET enabled = $enabled WHERE id = $id", ("$id", id), ("$enabled", enabled ? 1 : 0));

    internal static void Delete(SqliteConnection connection, string id) => connection.Run("DELETE FROM endpoint WHERE id = $id", ("$id", id));

    private static CatalogEndpoint Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Revision = row.GetInt64(1),
        Collection = row.GetString(2),
        Name = row.GetString(3),
        Method = row.Text(4),
        Path = row.Text(5),
        Description = row.GetString(6),
        Enabled = row.GetInt64(7) != 0,
        Kind = row.GetString(8),
        Services = JsonSerializer.Deserialize(row.GetString(9), CatalogKeepJson.Default.IReadOnlyDictionaryStringString)!,
        Limits = JsonSerializer.Deserialize(row.GetString(10), CatalogKeepJson.Default.EpochLimits)!,
        Settings = JsonSerializer.Deserialize(row.GetString(11), CatalogKeepJson.Default.IReadOnlyDictionaryStringString)!,
        Changed = DomainRows.Time(row.GetString(12)),
        Source = row.Text(13) is { } source ? JsonSerializer.Deserialize(source, CatalogKeepJson.Default.EndpointSource)! : s_notRead,
    };
}
