using System.Net.Mime;
using EdgeGw.Bundles;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Bundles;

/// <summary>Bundles over the Admin API.</summary>
internal sealed class BundleEndpoints(BundleApplication application, BundleExport export, BundleSpool spool, BundleBounds bounds, TimeProvider clock)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/bundles", ApplyAsync);
        routes.MapGet("/api/v1/bundles/export", ExportAsync);
    }

    private async Task ApplyAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var query = BundleQuery.Parse(context.Request.Query);
        if (query is { Deploy: true, DryRun: false })
        {
            CompileScope.Demand(context, "A bundle whose endpoints are compiled");
        }
        if (context.Request.ContentType is { } type
            && !type.StartsWith(MediaTypeNames.Application.Zip, StringComparison.OrdinalIgnoreCase) && !type.StartsWith(MediaTypeNames.Application.Octet, StringComparison.OrdinalIgnoreCase))
        {
            throw new ChangeRefusedException(415, $"A bundle is sent as {MediaTypeNames.Application.Zip}, not as {type}.");
        }
        // The server's own bound is that of one library.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = bounds.MaxBytes + 1;
        }
        var archive = await spool.ReceiveAsync(context.Request.Body, context.RequestAborted);
        var outcome = await application.ApplyAsync(archive, query, context.RequestAborted);
        context.Response.StatusCode = outcome.Changed ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        var document = new PlanDocument(
            outcome.Epoch?.Number ?? 0, outcome.Reason, outcome.Changed, query.DryRun, outcome.Diff, outcome.Refusals, clock.GetElapsedTime(started).TotalMilliseconds);
        await context.Response.WriteAsJsonAsync(document, PlanJson.Default.PlanDocument, cancellationToken: context.RequestAborted);
    }

    private async Task ExportAsync(HttpContext context)
    {
        await using var archive = await export.WriteAsync(context.RequestAborted);
        context.Response.ContentType = MediaTypeNames.Application.Zip;
        context.Response.ContentLength = archive.Length;
        context.Response.Headers.ContentDisposition = "attachment; filename=\"edgegw-bundle.zip\"";
        await archive.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
