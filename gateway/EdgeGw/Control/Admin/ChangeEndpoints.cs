using System.Net.Mime;
using System.Text.Json;
using EdgeGw.Control.Changes;
using EdgeGw.Epochs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Admin;

/// <summary>Deploy, roll back, undeploy.</summary>
internal sealed class ChangeEndpoints(EpochChanges changes, TimeProvider clock)
{
    private const int MaxFileNameChars = 200;
    private const int MaxJsonBytes = 64 * 1024;

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
        var outcome = await changes.DeployAsync(context.Request.Body, FileName(context), options, context.RequestAborted);
        await AnswerAsync(context, outcome, started);
    }

    private async Task RollBackAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var request = await ReadAsync(context);
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
        await AnswerAsync(context, outcome, started);
    }

    private async Task UndeployAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var outcome = await changes.UndeployAsync((string)context.Request.RouteValues["name"]!, context.RequestAborted);
        await AnswerAsync(context, outcome, started, StatusCodes.Status200OK);
    }

    private Task AnswerAsync(HttpContext context, ChangeOutcome outcome, long started, int made = StatusCodes.Status201Created)
    {
        context.Response.StatusCode = outcome.Changed ? made : StatusCodes.Status200OK;
        var scout = outcome.Scout is { } report ? new ScoutFigures(report.Abi!, report.LoadMs, report.RssBytes, report.Threads, report.Manifest!.Routes.Count) : null;
        var document = new ChangeDocument(
            outcome.Epoch.Number, outcome.Reason, outcome.Changed, Names(outcome.Epoch), scout, clock.GetElapsedTime(started).TotalMilliseconds, outcome.Drained);
        return context.Response.WriteAsJsonAsync(document, AdminJson.Default.ChangeDocument, cancellationToken: context.RequestAborted);
    }

    internal static IReadOnlyList<HandlerName> Names(EpochConfig epoch) => [.. epoch.Handlers.Select(h => new HandlerName(h.Name, h.Version, h.Sha256))];

    private static async Task<RollbackRequest> ReadAsync(HttpContext context)
    {
        var buffer = new byte[MaxJsonBytes];
        var length = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
        return length == 0
            ? new RollbackRequest(null, null)
            : JsonSerializer.Deserialize(buffer.AsSpan(0, length), AdminJson.Default.RollbackRequest) ?? new RollbackRequest(null, null);
    }

    // For sentences only: never part of a path.
    private static string FileName(HttpContext context)
    {
        var given = context.Request.Headers["X-File-Name"].ToString();
        var name = string.Concat(Path.GetFileName(given).Where(c => !char.IsControl(c)).Take(MaxFileNameChars));
        return name.Length == 0 ? "The file" : name;
    }
}
