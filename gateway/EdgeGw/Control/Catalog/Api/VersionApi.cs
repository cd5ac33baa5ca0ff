using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Catalog.Api;

/// <summary><c>/api/v1/endpoints/{id}/versions</c>, and the way back to one of them.</summary>
internal sealed class VersionApi(EndpointDeploys deploys, CatalogSettings settings, TimeProvider clock)
{
    private const string One = "/api/v1/endpoints/{id}";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(One + "/versions", ListAsync);
        routes.MapGet(One + "/versions/{version}", ShowAsync);
        routes.MapPost(One + "/rollback", RollBackAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        CatalogRequest.Allow(context, "limit", "after");
        // The newest first: the key sorts the other way round.
        return CatalogRequest.WritePageAsync(
            context, deploys.Versions(CatalogRequest.Id(context)), version => (long.MaxValue - version.Version).ToString("d19", CultureInfo.InvariantCulture), CatalogJson.Default.PageVersionDocument);
    }

    private Task ShowAsync(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["version"]!;
        var number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : throw new ChangeRefusedException(404, $"'{(text.Length <= 20 ? text : text[..20] + "…")}' is not a version's number.");
        return DocumentAnswer.WriteAsync(context, deploys.Version(CatalogRequest.Id(context), number), CatalogJson.Default.VersionDocument, null);
    }

    private async Task RollBackAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var request = await CatalogRequest.ReadAsync(context, CatalogJson.Default.VersionRequest, settings);
        var number = request.Version ?? throw new ChangeRefusedException(400, "A rollback needs the 'version' to go back to: its number.");
        var outcome = await deploys.RollBackAsync(CatalogRequest.Id(context), number, context.RequestAborted);
        await ChangeAnswer.WriteAsync(context, outcome, clock.GetElapsedTime(started));
    }
}
