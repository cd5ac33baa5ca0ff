using EdgeGw.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Catalog.Api;

/// <summary><c>/api/v1/collections</c>.</summary>
internal sealed class CollectionApi(CollectionStore collections, CatalogSettings settings)
{
    private const string All = "/api/v1/collections";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(All, ListAsync);
        new DocumentRoutes<CatalogCollection, CollectionRequest, CollectionDocument>(All, collections, CatalogJson.Default.CollectionRequest, CatalogJson.Default.CollectionDocument, settings).Map(routes);
    }

    private Task ListAsync(HttpContext context)
    {
        CatalogRequest.Allow(context, "domain", "limit", "after");
        var found = collections.List(CatalogRequest.Text(context, "domain")).OrderBy(Key, StringComparer.Ordinal);
        return CatalogRequest.WritePageAsync(context, found, Key, CatalogJson.Default.PageCollectionDocument);
    }

    // Names are each domain's own.
    private static string Key(CollectionDocument collection) => $"{collection.Name}\n{collection.Id}";
}
