using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Canaries;

/// <summary>Shows canaries, and ends them.</summary>
internal sealed class CanaryEndpoints(CanaryWatch watch, EpochChanges changes, TimeProvider clock)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/canaries", context => context.Response.WriteAsJsonAsync(watch.Describe(), CanariesJson.Default.CanariesDocument, cancellationToken: context.RequestAborted));
        routes.MapPost("/api/v1/canaries/{name}/promote", PromoteAsync);
        routes.MapPost("/api/v1/canaries/{name}/abort", AbortAsync);
    }

    private async Task PromoteAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        await ChangeAnswer.WriteAsync(context, await changes.PromoteAsync(Name(context), "", null, context.RequestAborted), clock.GetElapsedTime(started));
    }

    private async Task AbortAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        await ChangeAnswer.WriteAsync(context, await changes.AbortAsync(Name(context), "", null, context.RequestAborted), clock.GetElapsedTime(started));
    }

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;
}
