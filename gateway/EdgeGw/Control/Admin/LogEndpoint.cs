using System.Globalization;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeGw.Control.Admin;

/// <summary>The merged log as JSON lines.</summary>
internal sealed class LogEndpoint(LogStream logs, int kept)
{
    private const int DefaultTail = 100;

    internal void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/logs", WriteAsync);

    private async Task WriteAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var tail = DefaultTail;
        if (query["tail"] is [{ Length: > 0 } text, ..] && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out tail))
        {
            throw new ChangeRefusedException(400, $"'tail' is '{text}'; it must be a whole number.");
        }
        tail = Math.Min(tail, kept);
        var handler = query["handler"] is [{ Length: > 0 } name, ..] ? name : null;
        context.Response.ContentType = "application/x-ndjson";
        if (query["follow"] is not ["true"])
        {
            foreach (var line in await logs.TailAsync(tail, handler, context.RequestAborted))
            {
                await context.Response.BodyWriter.WriteAsync(line.Json, context.RequestAborted);
            }
            return;
        }
        await context.Response.Body.FlushAsync(context.RequestAborted);
        // Nobody's stop waits for those who follow.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        await foreach (var line in logs.FollowAsync(tail, handler, ended.Token))
        {
            await context.Response.BodyWriter.WriteAsync(line.Json, context.RequestAborted);
        }
    }
}
