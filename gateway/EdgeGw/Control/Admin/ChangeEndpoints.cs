using System.Net.Mime;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Admin;

/// <summary>Deploy, roll back, undeploy.</summary>
internal sealed class ChangeEndpoints(EpochChanges changes, TimeProvider clock)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/deployments", DeployAsync);
        routes.MapPost("/api/v1/rollbacks", RollBackAsync);
        routes.MapDelete("/api/v1/handlers/{name}", UndeployAsync);
    }

    private async Task DeployAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var options = DeploymentQuery.Parse(context.Request.Query);
        if (context.Request.ContentType is { } type && !type.StartsWith(MediaTypeNames.Application.Octet, StringComparison.OrdinalIgnoreCase))
        {
            throw new ChangeRefusedException(415, $"A library is sent as {MediaTypeNames.Application.Octet}, not as {type}.");
        }
        var outcome = await changes.DeployAsync(context.Request.Body, SentFileName.Of(context, "The file"), options, context.RequestAborted);
        await ChangeAnswer.WriteAsync(context, outcome, clock.GetElapsedTime(started));
    }

    private async Task RollBackAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var request = await JsonBody.ReadAsync(context, AdminJson.Default.RollbackRequest) ?? new RollbackRequest(null, null);
        if (request is { Handler: not null, Epoch: not null })
        {
            throw new ChangeRefusedException(400, "A rollback is of one handler or to one epoch, not both.");
        }
        var outcome = request switch
        {
            { Handler: { } handler } => await changes.RollBackHandlerAsync(handler, context.RequestAborted),
            { Epoch: { } epoch } => await changes.RollBackToAsync(epoch, context.RequestAborted),
            _ => await changes.RollBackAsync(context.RequestAborted),
        };
        await ChangeAnswer.WriteAsync(context, outcome, clock.GetElapsedTime(started));
    }

    private async Task UndeployAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var outcome = await changes.UndeployAsync((string)context.Request.RouteValues["name"]!, context.RequestAborted);
        await ChangeAnswer.WriteAsync(context, outcome, clock.GetElapsedTime(started), StatusCodes.Status200OK);
    }
}
