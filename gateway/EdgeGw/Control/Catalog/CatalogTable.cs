using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>What one table of the catalog has in common with the others.</summary>
/// <param name="kind">What a row is, which is the table's name too: <c>collection</c>.</param>
/// <param name="inner">What stands in one, which is that table's name; null where nothing does.</param>
internal sealed class CatalogTable<T>(string kind, string? inner) where T : class, ICatalogRow
{
    /// <summary>What a row is: <c>collection</c>.</summary>
    internal string Kind => kind;

    internal required Func<SqliteConnection, string, T?> Find { get; init; }

    /// <summary>The row that has a row's name, which is there once.</summary>
    internal required Func<SqliteConnection, T, T?> FindNamed { get; init; }

    internal required Action<SqliteConnection, T> Put { get; init; }

    internal required Action<SqliteConnection, string> Delete { get; init; }

    /// <summary>A row at another revision.</summary>
    internal required Func<T, long, T> At { get; init; }

    /// <summary>What sentences call it.</summary>
    internal required Func<T, string> Called { get; init; }

    /// <summary>Rows in it.</summary>
    internal long Count(SqliteConnection connection) => connection.Number($"SELECT count(*) FROM {kind}");

    /// <summary>How many stand in the row of an id.</summary>
    internal long CountInside(SqliteConnection connection, string id) => inner is null ? 0 : connection.Number($"SELECT count(*) FROM {inner} WHERE {kind} = $id", ("$id", id));

    /// <summary>Throws (409) where something stands in a row that is to go.</summary>
    internal void DemandEmpty(SqliteConnection connection, T row)
    {
        if (CountInside(connection, row.Id) is > 0 and var count)
        {
            var (what, them) = count == 1 ? ((inner![0] == 'e' ? "an " : "a ") + inner, "it") : ($"{count} {inner}s", "them");
            throw new ChangeRefusedException(409, $"{Called(row)} has {what}: delete or move {them} first.");
        }
    }

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
            else if (CountInside(connection, row.After!.Id) == 0)
            {
                Delete(connection, row.After!.Id);
            }
        }
    }

    /// <summary>Deletes what is to go. What was changed or filled since it was read stays.</summary>
    internal void DeleteGone(SqliteConnection connection, IEnumerable<RowChange<T>> rows)
    {
        foreach (var row in rows.Where(row => row.IsDeleted && Find(connection, row.Before!.Id)?.Revision == row.Before.Revision && CountInside(connection, row.Before.Id) == 0))
        {
            Delete(connection, row.Before!.Id);
        }
    }
}

/// <summary>The catalog's tables.</summary>
internal static class CatalogTables
{
    internal static CatalogTable<CatalogDomain> Domains { get; } = new("domain", "collection")
    {
        Find = DomainRows.Find,
        FindNamed = (connection, domain) => DomainRows.FindHost(connection, domain.Host),
        Put = DomainRows.Put,
        Delete = DomainRows.Delete,
        At = (domain, revision) => domain with { Revision = revision },
        Called = domain => $"The domain '{domain.Host}'",
    };

    internal static CatalogTable<CatalogCollection> Collections { get; } = new("collection", "endpoint")
    {
        Find = CollectionRows.Find,
        FindNamed = (connection, collection) => CollectionRows.FindName(connection, collection.Domain, collection.Name),
        Put = CollectionRows.Put,
        Delete = CollectionRows.Delete,
        At = (collection, revision) => collection with { Revision = revision },
        Called = collection => $"The collection '{collection.Name}'",
    };

    internal static CatalogTable<CatalogEndpoint> Endpoints { get; } = new("endpoint", null)
    {
        Find = EndpointRows.Find,
        FindNamed = (connection, endpoint) => EndpointRows.FindName(connection, endpoint.Name),
        Put = EndpointRows.Put,
        Delete = EndpointRows.Delete,
        At = (endpoint, revision) => endpoint with { Revision = revision },
        Called = endpoint => $"The endpoint '{endpoint.Name}'",
    };
}
