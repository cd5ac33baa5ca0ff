using System.Text.Json.Serialization.Metadata;
using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Catalog.Api;

/// <summary>The four calls that every table of <see cref="CatalogRowStore{TRow, TRequest, TDocument}"/> has beside its list.</summary>
internal sealed class DocumentRoutes<TRow, TRequest, TDocument>(
    string all, CatalogRowStore<TRow, TRequest, TDocument> store, JsonTypeInfo<TRequest> requests, JsonTypeInfo<TDocument> documents, CatalogSettings settings)
    where TRow : class, ICatalogRow where TRequest : class where TDocument : class, ICatalogRow
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(all, AddAsync);
        routes.MapGet(all + "/{id}", context => WriteAsync(context, store.Get(CatalogRequest.Id(context))));
        routes.MapPut(all + "/{id}", ReplaceAsync);
        routes.MapDelete(all + "/{id}", DeleteAsync);
    }

    private async Task AddAsync(HttpContext context)
    {
        var added = store.Add(await CatalogRequest.ReadAsync(context, requests, settings));
        await WriteAsync(context, added, $"{all}/{added.Id}");
    }

    private async Task ReplaceAsync(HttpContext context)
    {
        var revision = CatalogRequest.IfMatch(context);
        await WriteAsync(context, store.Replace(CatalogRequest.Id(context), revision, await CatalogRequest.ReadAsync(context, requests, settings)));
    }

    private Task DeleteAsync(HttpContext context)
    {
        store.Delete(CatalogRequest.Id(context), CatalogRequest.IfMatch(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task WriteAsync(HttpContext context, TDocument document, string? made = null) =>
        DocumentAnswer.WriteAsync(context, document, documents, document.Revision, made);
}
