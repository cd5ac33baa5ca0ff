namespace EdgeGw.Control.Catalog;

/// <summary>What becomes of one row.</summary>
/// <param name="Before">As it was read; null when it is to be made.</param>
/// <param name="After">As it is to be; null when it is to go; the same object when it must only be still so.</param>
internal sealed record RowChange<T>(T? Before, T? After) where T : class, ICatalogRow
{
    /// <summary>Whether the row is to be written.</summary>
    internal bool IsWritten => After is not null && !ReferenceEquals(Before, After);

    /// <summary>Whether the row is to go.</summary>
    internal bool IsDeleted => After is null;
}

/// <summary>Rows of the catalog that change together: all of them, or none.</summary>
/// <param name="Domains">Domains.</param>
/// <param name="Collections">Collections.</param>
/// <param name="Endpoints">Endpoints.</param>
internal sealed record CatalogChange(IReadOnlyList<RowChange<CatalogDomain>> Domains, IReadOnlyList<RowChange<CatalogCollection>> Collections, IReadOnlyList<RowChange<CatalogEndpoint>> Endpoints)
{
    /// <summary>The ids of the endpoints that are written or deleted.</summary>
    internal IEnumerable<string> Touched => Endpoints.Where(row => row.IsWritten || row.IsDeleted).Select(row => (row.After ?? row.Before!).Id);
}
