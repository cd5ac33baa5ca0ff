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
        new DocumentRoutes<CatalogDomain, DomainRequest, DomainDocument>(All, domains, CatalogJson.Default.DomainRequest, CatalogJson.Default.DomainDocument, settings).Map(routes);
    }

    private Task ListAsync(HttpContext context)
    {
        CatalogRequest.Allow(context, "limit", "after");
        return CatalogRequest.WritePageAsync(context, domains.List(), domain => domain.Host, CatalogJson.Default.PageDomainDocument);
    }
}
