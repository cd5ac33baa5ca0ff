using System.Text.Json;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>A library that was deployed as an endpoint, with the deployment as the epoch had it.</summary>
/// <param name="Endpoint">The endpoint's id.</param>
/// <param name="Number">1, 2, 3 … in the order in which they were first deployed.</param>
/// <param name="Created">When.</param>
/// <param name="Principal">By whom.</param>
/// <param name="Release">What the library calls itself.</param>
/// <param name="Sha256">The library.</param>
/// <param name="Build">The build that it came from.</param>
/// <param name="Source">What was compiled; null for one that was deployed as a library, and in lists.</param>
/// <param name="Handler">The deployment; null in lists.</param>
internal sealed record EndpointVersion(string Endpoint, long Number, DateTimeOffset Created, string Principal, string Release, string Sha256, string? Build, SourceSnapshot? Source, EpochHandler? Handler);

/// <summary>The table of versions.</summary>
internal static class VersionRows
{
    private const string Columns = "SELECT endpoint, number, created, principal, release, sha256, build, source, handler FROM endpoint_version";
    private const string WithoutContent = "SELECT endpoint, number, created, principal, release, sha256, build, NULL, NULL FROM endpoint_version";

    /// <summary>Those of an endpoint, newest first, without their content.</summary>
    internal static List<EndpointVersion> Of(SqliteConnection connection, string endpoint) => connection.Rows(WithoutContent + " WHERE endpoint = $endpoint ORDER BY number DESC", Read, ("$endpoint", endpoint));

    internal static EndpointVersion? Find(SqliteConnection connection, string endpoint, long number) =>
        connection.Row(Columns + " WHERE endpoint = $endpoint AND number = $number", Read, ("$endpoint", endpoint), ("$number", number));

    /// <summary>The newest version of an endpoint.</summary>
    internal static EndpointVersion? Newest(SqliteConnection connection, string endpoint) => connection.Row(Columns + " WHERE endpoint = $endpoint ORDER BY number DESC LIMIT 1", Read, ("$endpoint", endpoint));

    /// <summary>The newest version of an endpoint that was deployed just so; null when none was.</summary>
    internal static EndpointVersion? Deployed(SqliteConnection connection, string endpoint, EpochHandler handler) =>
        connection.Rows(Columns + " WHERE endpoint = $endpoint AND sha256 = $sha ORDER BY number DESC", Read, ("$endpoint", endpoint), ("$sha", handler.Sha256))
            .FirstOrDefault(known => EpochRules.SameDeployment(known.Handler!, handler));

    /// <summary>The newest version of each endpoint that has a library, by both.</summary>
    internal static Dictionary<(string Endpoint, string Sha256), long> Numbers(SqliteConnection connection) =>
        connection.Rows("SELECT endpoint, sha256, max(number) FROM endpoint_version GROUP BY endpoint, sha256", row => (Key: (row.GetString(0), row.GetString(1)), Number: row.GetInt64(2)))
            .ToDictionary(row => row.Key, row => row.Number);

    /// <summary>The libraries of all versions that are kept.</summary>
    internal static List<string> Libraries(SqliteConnection connection) => connection.Rows("SELECT DISTINCT sha256 FROM endpoint_version", row => row.GetString(0));

    /// <summary>The number of the version that a deployment is; a new one when it was never deployed like this. The oldest beyond <paramref name="keep"/> are forgotten.</summary>
    internal static long Record(SqliteConnection connection, EndpointVersion version, int keep)
    {
        if (Deployed(connection, version.Endpoint, version.Handler!) is { } known)
        {
            return known.Number;
        }
        var number = connection.Number("SELECT max(number) FROM endpoint_version WHERE endpoint = $endpoint", ("$endpoint", version.Endpoint)) + 1;
        connection.Run(
            "INSERT INTO endpoint_version (endpoint, number, created, principal, release, sha256, build, source, handler) VALUES ($endpoint, $number, $created, $principal, $release, $sha, $build, $source, $handler)",
            ("$endpoint", version.Endpoint), ("$number", number), ("$created", DomainRows.Time(version.Created)), ("$principal", version.Principal), ("$release", version.Release), ("$sha", version.Sha256),
            ("$build", version.Build), ("$source", version.Source is null ? null : JsonSerializer.Serialize(version.Source, CatalogKeepJson.Default.SourceSnapshot)),
            ("$handler", JsonSerializer.Serialize(version.Handler!, CatalogKeepJson.Default.EpochHandler)));
        connection.Run("DELETE FROM endpoint_version WHERE endpoint = $endpoint AND number <= $last", ("$endpoint", version.Endpoint), ("$last", number - keep));
        return number;
    }

    private static EndpointVersion Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetInt64(1), DomainRows.Time(row.GetString(2)), row.GetString(3), row.GetString(4), row.GetString(5), row.Text(6),
        row.Text(7) is { } source ? JsonSerializer.Deserialize(source, CatalogKeepJson.Default.SourceSnapshot) : null,
        row.Text(8) is { } handler ? JsonSerializer.Deserialize(handler, CatalogKeepJson.Default.EpochHandler) : null);
}
