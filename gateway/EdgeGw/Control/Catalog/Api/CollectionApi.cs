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
        routes.MapPost(All, AddAsync);
        routes.MapGet(All + "/{id}", context => WriteAsync(context, collections.Get(CatalogRequest.Id(context))));
        routes.MapPut(All + "/{id}", ReplaceAsync);
        routes.MapDelete(All + "/{id}", DeleteAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        CatalogRequest.Allow(context, "domain", "limit", "after");
        var found = collections.List(CatalogRequest.Text(context, "domain")).OrderBy(Key, StringComparer.Ordinal);
        return CatalogRequest.WritePageAsync(context, found, Key, CatalogJson.Default.PageCollectionDocument);
    }

    private async Task AddAsync(HttpContext context)
    {
        var added = collections.Add(await CatalogRequest.ReadAsync(context, CatalogJson.Default.CollectionRequest, settings));
        await WriteAsync(context, added, StatusCodes.Status201Created, $"{All}/{added.Id}");
    }

    private async Task ReplaceAsync(HttpContext context)
    {
        var revision = CatalogRequest.IfMatch(context);
        await WriteAsync(context, collections.Replace(CatalogRequest.Id(context), revision, await CatalogRequest.ReadAsync(context, CatalogJson.Default.CollectionRequest, settings)));
    }

    private Task DeleteAsync(HttpContext context)
    {
        collections.Delete(CatalogRequest.Id(context), CatalogRequest.IfMatch(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    // Names are each domain's own.
    private static string Key(CollectionDocument collection) => $"{collection.Name}\n{collection.Id}";

    private static Task WriteAsync(HttpContext context, CollectionDocument collection, int status = StatusCodes.Status200OK, string? location = null) =>
        CatalogRequest.WriteAsync(context, collection, CatalogJson.Default.CollectionDocument, collection.Revision, status, location);
}
