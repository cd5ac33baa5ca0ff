using EdgeGw.Control.Catalog;
using EdgeGw.Control.HandingOver;
using EdgeGw.Control.Upgrading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Admin;

/// <summary>Replaces processes of the gateway.</summary>
internal sealed class ProcessEndpoints(Reload reload, Upgrade upgrade, DeploymentLog deployments, TimeProvider clock)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/reload", ReloadAsync);
        routes.MapPost("/api/v1/upgrade", UpgradeAsync);
    }

    private async Task ReloadAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var outcome = await deployments.FollowAsync("reload", "reload", () => reload.RunAsync(context.RequestAborted), clock);
        await context.Response.WriteAsJsonAsync(
            new ReloadDocument(outcome.Worker.ProcessId, outcome.Pending, clock.GetElapsedTime(started).TotalMilliseconds), AdminJson.Default.ReloadDocument, cancellationToken: context.RequestAborted);
    }

    // 202: the worker is the new program's; control follows when this was answered, and counts one more upgrade in its status then.
    private async Task UpgradeAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var (worker, version) = await upgrade.PrepareAsync(context.RequestAborted);
        try
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsJsonAsync(
                new UpgradeDocument(worker.ProcessId, version, upgrade.Count + 1, clock.GetElapsedTime(started).TotalMilliseconds), AdminJson.Default.UpgradeDocument, cancellationToken: context.RequestAborted);
        }
        finally
        {
            upgrade.Go(); // whoever asked may have gone meanwhile
        }
    }
}
