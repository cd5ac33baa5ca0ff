using System.Globalization;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Catalog.Api;

/// <summary>The log of deployments.</summary>
internal sealed class DeploymentApi(DeploymentLog deployments)
{
    private const string All = "/api/v1/deployments";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(All, ListAsync);
        routes.MapGet(All + "/{id}", context => DocumentAnswer.WriteAsync(context, deployments.Get(CatalogRequest.Id(context)), CatalogJson.Default.DeploymentDocument, null));
    }

    private Task ListAsync(HttpContext context)
    {
        CatalogRequest.Allow(context, "endpoint", "handler", "limit", "after");
        var (limit, after) = CatalogRequest.Paging(context);
        var before = after is null ? long.MaxValue
            : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new ChangeRefusedException(400, "'after' must be the 'next' of the page before.");
        var found = deployments.List(before, CatalogRequest.Text(context, "handler"), CatalogRequest.Text(context, "endpoint"), limit + 1);
        var page = found.Count > limit
            ? new Page<DeploymentDocument>(found[..limit], CatalogRequest.Cursor(found[limit - 1].Id.ToString(CultureInfo.InvariantCulture)))
            : new Page<DeploymentDocument>(found, null);
        return context.Response.WriteAsJsonAsync(page, CatalogJson.Default.PageDeploymentDocument, cancellationToken: context.RequestAborted);
    }
}
