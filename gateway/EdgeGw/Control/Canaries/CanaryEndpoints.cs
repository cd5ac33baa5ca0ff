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
        routes.MapPost("/api/v1/canaries/{name}/promote", context => EndAsync(context, name => changes.PromoteAsync(name, "", null, context.RequestAborted)));
        routes.MapPost("/api/v1/canaries/{name}/abort", context => EndAsync(context, name => changes.AbortAsync(name, "", null, context.RequestAborted)));
    }

    private async Task EndAsync(HttpContext context, Func<string, Task<ChangeOutcome>> end)
    {
        var started = clock.GetTimestamp();
        var outcome = await end((string)context.Request.RouteValues["name"]!);
        await ChangeAnswer.WriteAsync(context, outcome, clock.GetElapsedTime(started));
    }
}
