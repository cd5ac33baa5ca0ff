using System.Text.Json;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>The table of deployments: every attempt to change the epoch.</summary>
internal static class DeploymentRows
{
    private const string Columns = "SELECT id, time, principal, action, result, status, epoch, ms, reason, reasons FROM deployment";

    /// <summary>Adds one, whose number it gives, and forgets the oldest beyond <paramref name="keep"/>.</summary>
    internal static long Add(SqliteConnection connection, DeploymentDocument deployment, int keep)
    {
        connection.Run(
            "INSERT INTO deployment (time, principal, action, result, status, epoch, ms, reason, reasons) VALUES ($time, $principal, $action, $result, $status, $epoch, $ms, $reason, $reasons)",
            ("$time", DomainRows.Time(deployment.Time)), ("$principal", deployment.Principal), ("$action", deployment.Action), ("$result", deployment.Result), ("$status", deployment.Status),
            ("$epoch", deployment.Epoch), ("$ms", deployment.Ms), ("$reason", deployment.Reason), ("$reasons", JsonSerializer.Serialize(deployment.Reasons, CatalogKeepJson.Default.IReadOnlyListString)));
        var id = connection.Number("SELECT last_insert_rowid()");
        foreach (var handler in deployment.Handlers)
        {
            connection.Run(
                "INSERT INTO deployment_handler (deployment, handler, change, release, sha256, endpoint, version) VALUES ($id, $handler, $change, $release, $sha, $endpoint, $version)",
                ("$id", id), ("$handler", handler.Handler), ("$change", handler.Change), ("$release", handler.Release), ("$sha", handler.Sha256), ("$endpoint", handler.Endpoint), ("$version", handler.Version));
        }
        connection.Run("DELETE FROM deployment WHERE id <= $last", ("$last", id - keep));
        return id;
    }

    /// <summary>The newest before a number, newest first, of one handler or endpoint where that is given.</summary>
    internal static List<DeploymentDocument> List(SqliteConnection connection, long before, string? handler, string? endpoint, int count)
    {
        var found = connection.Rows(
            $"""
            {Columns} WHERE id < $before
            AND ($handler IS NULL OR id IN (SELECT deployment FROM deployment_handler WHERE handler = $handler))
            AND ($endpoint IS NULL OR id IN (SELECT deployment FROM deployment_handler WHERE endpoint = $endpoint))
            ORDER BY id DESC LIMIT $count
            """,
            Read, ("$before", before), ("$handler", handler), ("$endpoint", endpoint), ("$count", count));
        return found.ConvertAll(deployment => deployment with { Handlers = Handlers(connection, deployment.Id) });
    }

    internal static DeploymentDocument? Find(SqliteConnection connection, long id) =>
        connection.Row(Columns + " WHERE id = $id", Read, ("$id", id)) is { } found ? found with { Handlers = Handlers(connection, id) } : null;

    private static List<DeploymentHandler> Handlers(SqliteConnection connection, long id) => connection.Rows(
        "SELECT handler, change, release, sha256, endpoint, version FROM deployment_handler WHERE deployment = $id ORDER BY handler",
        row => new DeploymentHandler(row.GetString(0), row.GetString(1), row.Text(2), row.Text(3), row.Text(4), row.IsDBNull(5) ? null : row.GetInt64(5)), ("$id", id));

    private static DeploymentDocument Read(SqliteDataReader row) => new(
        row.GetInt64(0), DomainRows.Time(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetString(4), (int)row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6), row.GetDouble(7),
        row.GetString(8), JsonSerializer.Deserialize(row.GetString(9), CatalogKeepJson.Default.IReadOnlyListString)!, []);
}
