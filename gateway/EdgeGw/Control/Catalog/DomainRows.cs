using System.Globalization;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>The table of domains. Whoever writes several rows at once calls these in one <see cref="ControlDatabase.Write{T}"/>.</summary>
internal static class DomainRows
{
    private const string Columns = "SELECT id, revision, host, description, changed FROM domain";

    internal static List<CatalogDomain> All(SqliteConnection connection) => connection.Rows(Columns + " ORDER BY host", Read);

    internal static CatalogDomain? Find(SqliteConnection connection, string id) => connection.Row(Columns + " WHERE id = $id", Read, ("$id", id));

    internal static CatalogDomain? FindHost(SqliteConnection connection, string host) => connection.Row(Columns + " WHERE host = $host", Read, ("$host", host));

    /// <summary>Adds it, or writes it over the one of its id.</summary>
    internal static void Put(SqliteConnection connection, CatalogDomain domain) => connection.Run(
        """
        INSERT INTO domain (id, revision, host, description, changed) VALUES ($id, $revision, $host, $description, $changed)
        ON CONFLICT (id) DO UPDATE SET revision = $revision, host = $host, description = $description, changed = $changed
        """,
        ("$id", domain.Id), ("$revision", domain.Revision), ("$host", domain.Host), ("$description", domain.Description), ("$changed", Time(domain.Changed)));

    internal static void Delete(SqliteConnection connection, string id) => connection.Run("DELETE FROM domain WHERE id = $id", ("$id", id));

    /// <summary>How a time is kept: sorts as text.</summary>
    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A kept time.</summary>
    internal static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static CatalogDomain Read(SqliteDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), Time(row.GetString(4)));
}
