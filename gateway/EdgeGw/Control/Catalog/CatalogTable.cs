using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>What a change of many rows does with one table of the catalog.</summary>
internal sealed class CatalogTable<T> where T : class, ICatalogRow
{
    internal required Func<SqliteConnection, string, T?> Find { get; init; }

    /// <summary>The row that has a row's name, which is there once.</summary>
    internal required Func<SqliteConnection, T, T?> FindNamed { get; init; }

    internal required Action<SqliteConnection, T> Put { get; init; }

    internal required Action<SqliteConnection, string> Delete { get; init; }

    /// <summary>The query that counts what stands in the row of <c>$id</c>; null where nothing does.</summary>
    internal string? Inside { get; init; }

    /// <summary>A row at another revision.</summary>
    internal required Func<T, long, T> At { get; init; }

    /// <summary>What sentences call it.</summary>
    internal required Func<T, string> Called { get; init; }

    /// <summary>Throws (409) where a row is not as it was read, or one that is to be made is there.</summary>
    internal void Demand(SqliteConnection connection, IEnumerable<RowChange<T>> rows)
    {
        foreach (var row in rows)
        {
            if (row.Before is { } before && Find(connection, before.Id)?.Revision != before.Revision)
            {
                throw new ChangeRefusedException(409, $"{Called(before)} was changed meanwhile; nothing was changed: try again.");
            }
            if (row.After is { } after && FindNamed(connection, after) is { } other && other.Id != after.Id)
            {
                throw new ChangeRefusedException(409, $"{Called(after)} was made meanwhile; nothing was changed: try again.");
            }
        }
    }

    /// <summary>Writes what is added and changed.</summary>
    internal void Write(SqliteConnection connection, IEnumerable<RowChange<T>> rows)
    {
        foreach (var row in rows.Where(row => row.IsWritten))
        {
            Put(connection, row.After!);
        }
    }

    /// <summary>Puts back what was written, under revisions of its own: somebody may have seen the ones that are taken back. What was changed since stays.</summary>
    internal void TakeBack(SqliteConnection connection, IEnumerable<RowChange<T>> rows)
    {
        foreach (var row in rows.Where(row => row.IsWritten && Find(connection, row.After!.Id)?.Revision == row.After.Revision))
        {
            if (row.Before is { } before)
            {
                Put(connection, At(before, row.After!.Revision + 1));
            }
            else if (IsEmpty(connection, row.After!.Id))
            {
                Delete(connection, row.After!.Id);
            }
        }
    }

    /// <summary>Deletes what is to go. What was changed or filled since it was read stays.</summary>
    internal void DeleteGone(SqliteConnection connection, IEnumerable<RowChange<T>> rows)
    {
        foreach (var row in rows.Where(row => row.IsDeleted && Find(connection, row.Before!.Id)?.Revision == row.Before.Revision && IsEmpty(connection, row.Before.Id)))
        {
            Delete(connection, row.Before!.Id);
        }
    }

    private bool IsEmpty(SqliteConnection connection, string id) => Inside is null || connection.Number(Inside, ("$id", id)) == 0;
}

/// <summary>The catalog's tables.</summary>
internal static class CatalogTables
{
    internal static CatalogTable<CatalogDomain> Domains { get; } = new()
    {
        Find = DomainRows.Find,
        FindNamed = (connection, domain) => DomainRows.FindHost(connection, domain.Host),
        Put = DomainRows.Put,
        Delete = DomainRows.Delete,
        Inside = "SELECT count(*) FROM collection WHERE domain = $id",
        At = (domain, revision) => domain with { Revision = revision },
        Called = domain => $"The domain '{domain.Host}'",
    };

    internal static CatalogTable<CatalogCollection> Collections { get; } = new()
    {
        Find = CollectionRows.Find,
        FindNamed = (connection, collection) => CollectionRows.FindName(connection, collection.Domain, collection.Name),
        Put = CollectionRows.Put,
        Delete = CollectionRows.Delete,
        Inside = "SELECT count(*) FROM endpoint WHERE collection = $id",
        At = (collection, revision) => collection with { Revision = revision },
        Called = collection => $"The collection '{collection.Name}'",
    };

    internal static CatalogTable<CatalogEndpoint> Endpoints { get; } = new()
    {
        Find = EndpointRows.Find,
        FindNamed = (connection, endpoint) => EndpointRows.FindName(connection, endpoint.Name),
        Put = EndpointRows.Put,
        Delete = EndpointRows.Delete,
        At = (endpoint, revision) => endpoint with { Revision = revision },
        Called = endpoint => $"The endpoint '{endpoint.Name}'",
    };
}
