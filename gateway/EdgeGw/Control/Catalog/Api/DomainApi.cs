using EdgeGw.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Catalog.Api;

/// <summary><c>/api/v1/domains</c>.</summary>
internal sealed class DomainApi(DomainStore domains, CatalogSettings settings)
{
    private const string All = "/api/v1/domains";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(All, ListAsync);
        routes.MapPost(All, AddAsync);
        routes.MapGet(All + "/{id}", context => WriteAsync(context, domains.Get(CatalogRequest.Id(context))));
        routes.MapPut(All + "/{id}", ReplaceAsync);
        routes.MapDelete(All + "/{id}", DeleteAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        CatalogRequest.Allow(context, "limit", "after");
        return CatalogRequest.WritePageAsync(context, domains.List(), domain => domain.Host, CatalogJson.Default.PageDomainDocument);
    }

    private async Task AddAsync(HttpContext context)
    {
        var added = domains.Add(await CatalogRequest.ReadAsync(context, CatalogJson.Default.DomainRequest, settings));
        await WriteAsync(context, added, StatusCodes.Status201Created, $"{All}/{added.Id}");
    }

    private async Task ReplaceAsync(HttpContext context)
    {
        var revision = CatalogRequest.IfMatch(context);
        await WriteAsync(context, domains.Replace(CatalogRequest.Id(context), revision, await CatalogRequest.ReadAsync(context, CatalogJson.Default.DomainRequest, settings)));
    }

    private Task DeleteAsync(HttpContext context)
    {
        domains.Delete(CatalogRequest.Id(context), CatalogRequest.IfMatch(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, DomainDocument domain, int status = StatusCodes.Status200OK, string? location = null) =>
        CatalogRequest.WriteAsync(context, domain, CatalogJson.Default.DomainDocument, domain.Revision, status, location);
}
