using System.Globalization;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeGw.Control.Events;

/// <summary><c>GET /api/v1/events</c>: what happens, as it happens.</summary>
internal sealed class EventApi(EventHub hub, EventStream stream)
{
    private const int LeastMs = 100;
    private const int MostMs = 3_600_000;

    internal void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/events", FollowAsync);

    private async Task FollowAsync(HttpContext context)
    {
        var wishes = Wishes(context);
        var follower = hub.Follow(wishes.LastSeen);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no"; // a proxy that waits for more would keep the news for itself
            context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
            // Nobody's stop waits for those who follow.
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
            if (!await stream.RunAsync(follower, context.Response.BodyWriter, wishes, ended.Token))
            {
                context.Abort();
            }
        }
        finally
        {
            hub.Leave(follower);
        }
    }

    private static EventWishes Wishes(HttpContext context)
    {
        var query = context.Request.Query;
        foreach (var key in query.Keys.Where(key => key is not ("log" or "handler" or "metrics" or "requests" or "status")))
        {
            throw new ChangeRefusedException(400, $"'{(key.Length <= 64 ? key : key[..64] + "…")}' is not a parameter of the events: there are log, requests, handler, status and metrics.");
        }
        var (log, requests) = (Flag(query, "log"), Flag(query, "requests"));
        TimeSpan? metrics = null;
        if (query["metrics"] is [{ Length: > 0 } text, ..])
        {
            metrics = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms is >= LeastMs and <= MostMs
                ? TimeSpan.FromMilliseconds(ms)
                : throw new ChangeRefusedException(400, $"'metrics' is '{text}'; it must be a whole number of milliseconds from {LeastMs} to {MostMs}.");
        }
        return new EventWishes(
            context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } seen, ..] ? seen : null, log, query["handler"] is [{ Length: > 0 } handler, ..] ? handler : null, metrics,
            requests ? RequestApi.Filter(query) : null);
    }

    private static bool Flag(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "true" => true,
        "" or "false" => false,
        _ => throw new ChangeRefusedException(400, $"'{name}' must be true or false."),
    };
}
