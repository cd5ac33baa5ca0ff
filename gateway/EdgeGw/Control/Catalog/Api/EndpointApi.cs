using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Catalog.Api;

/// <summary><c>/api/v1/endpoints</c>.</summary>
internal sealed class EndpointApi(EndpointStore endpoints, EndpointViews views, EndpointDeploys deploys, CatalogSettings settings)
{
    private const string All = "/api/v1/endpoints";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(All, ListAsync);
        routes.MapPost(All, AddAsync);
        routes.MapGet(All + "/{id}", ShowAsync);
        routes.MapPut(All + "/{id}", ReplaceAsync);
        routes.MapDelete(All + "/{id}", DeleteAsync);
        routes.MapPost(All + "/{id}/enable", EnableAsync);
        routes.MapPost(All + "/{id}/disable", DisableAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        CatalogRequest.Allow(context, "domain", "collection", "state", "q", "limit", "after");
        var (domain, collection, state, words) =
            (CatalogRequest.Text(context, "domain"), CatalogRequest.Text(context, "collection"), CatalogRequest.Text(context, "state"), CatalogRequest.Text(context, "q"));
        if (state is not null && !EndpointState.All.Contains(state))
        {
            throw new ChangeRefusedException(400, $"'{(state.Length <= 64 ? state : state[..64] + "…")}' is not a state; there are {string.Join(", ", EndpointState.All)}.");
        }
        var found = (await views.ListAsync(context.RequestAborted)).Where(endpoint =>
            (domain is null || endpoint.Domain == domain) && (collection is null || endpoint.Collection == collection) && (state is null || endpoint.State == state) && (words is null || Has(endpoint, words)));
        await CatalogRequest.WritePageAsync(context, found, endpoint => endpoint.Name, CatalogJson.Default.PageEndpointDocument);
    }

    private async Task AddAsync(HttpContext context)
    {
        var added = endpoints.Add(await CatalogRequest.ReadAsync(context, CatalogJson.Default.EndpointRequest, settings));
        await WriteAsync(context, await views.DescribeAsync(added, context.RequestAborted), $"{All}/{added.Endpoint.Id}");
    }

    private async Task ShowAsync(HttpContext context) => await WriteAsync(context, await views.GetAsync(CatalogRequest.Id(context), context.RequestAborted));

    private async Task ReplaceAsync(HttpContext context)
    {
        var id = Own(context);
        var revision = CatalogRequest.IfMatch(context);
        var replaced = endpoints.Replace(id, revision, await CatalogRequest.ReadAsync(context, CatalogJson.Default.EndpointRequest, settings));
        await WriteAsync(context, await views.DescribeAsync(replaced, context.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        CatalogRequest.Allow(context, "undeploy");
        var id = Own(context);
        var revision = CatalogRequest.IfMatch(context);
        if (CatalogRequest.Flag(context, "undeploy"))
        {
            var known = endpoints.Get(id).Endpoint;
            revision.Demand($"The endpoint '{known.Name}'", known.Revision);
            await deploys.DisableAsync(id, context.RequestAborted);
        }
        endpoints.Delete(id, revision);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task EnableAsync(HttpContext context)
    {
        await deploys.EnableAsync(Own(context), context.RequestAborted);
        await ShowAsync(context);
    }

    private async Task DisableAsync(HttpContext context)
    {
        await deploys.DisableAsync(Own(context), context.RequestAborted);
        await ShowAsync(context);
    }

    // The id of a row; a handler that was deployed past the catalog has none.
    private static string Own(HttpContext context) => CatalogRequest.Id(context) is var id && EndpointViews.HandlerOf(id) is { } handler
        ? throw new ChangeRefusedException(409, $"'{handler}' was deployed past the catalog, which only shows it: take it in with POST {All} and {{\"kind\":\"library\",\"name\":\"{handler}\",\"collection\":…}} first.")
        : id;

    private static bool Has(EndpointDocument endpoint, string words) =>
        Has(endpoint.Name, words) || Has(endpoint.Pattern, words) || Has(endpoint.Description, words) || endpoint.Routes.Any(route => Has(route.Pattern, words));

    private static bool Has(string? text, string words) => text?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;

    private static Task WriteAsync(HttpContext context, EndpointDocument endpoint, string? made = null) =>
        DocumentAnswer.WriteAsync(context, endpoint, CatalogJson.Default.EndpointDocument, endpoint.Revision, made);
}
