using EdgeGw.Control.Catalog;

namespace EdgeGw.Control.Importing;

/// <summary>The part of the catalog that an import is about, as it is now.</summary>
/// <param name="Domain">The domain, with revision 0 when it is to be made.</param>
/// <param name="Collection">The collection, with revision 0 when it is to be made.</param>
/// <param name="Endpoints">The collection's endpoints.</param>
/// <param name="TakenNames">The names of all endpoints of the other collections, and of handlers deployed past the catalog.</param>
/// <param name="Deployed">The names of handlers that serve.</param>
internal sealed record ImportTarget(
    CatalogDomain Domain, CatalogCollection Collection, IReadOnlyList<CatalogEndpoint> Endpoints, IReadOnlyCollection<string> TakenNames, IReadOnlyCollection<string> Deployed);
