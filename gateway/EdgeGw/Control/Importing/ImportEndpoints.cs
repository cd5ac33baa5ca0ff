using EdgeGw.Control.Admin;
using EdgeGw.Control.Bundles;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Importing;

/// <summary>Imports over the Admin API.</summary>
internal sealed class ImportEndpoints(OpenApiImport import, TimeProvider clock)
{
    internal void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/imports/openapi", ImportAsync);

    private async Task ImportAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var query = ImportQuery.Parse(context.Request.Query);
        if (query is { Deploy: true, DryRun: false })
        {
            CompileScope.Demand(context, "An import that deploys what it makes");
        }
        var document = await ReadAsync(context);
        var outcome = await import.ImportAsync(document, SentFileName.Of(context, "document"), query, context.RequestAborted);
        var plan = outcome.Plan;
        context.Response.StatusCode = outcome.Applied ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        var answer = new ImportDocument(
            outcome.Applied, query.DryRun, outcome.Applied ? plan.Domain.Id : plan.KnownDomain, outcome.Applied ? plan.Collection.Id : plan.KnownCollection, outcome.Epoch, plan.Diff, outcome.Deployed,
            clock.GetElapsedTime(started).TotalMilliseconds);
        await context.Response.WriteAsJsonAsync(answer, PlanJson.Default.ImportDocument, cancellationToken: context.RequestAborted);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var most = import.Bounds.MaxBytes;
        using var content = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (context.Request.ContentLength is not { } length || length <= most)
        {
            if (await context.Request.Body.ReadAsync(piece, context.RequestAborted) is not (> 0 and var read))
            {
                return content.GetBuffer().AsMemory(0, (int)content.Length);
            }
            content.Write(piece, 0, read);
            if (content.Length > most)
            {
                break;
            }
        }
        throw new ChangeRefusedException(StatusCodes.Status413PayloadTooLarge, $"The document has more than {most} bytes, the most that Import:MaxBytes allows; nothing was changed.");
    }
}
