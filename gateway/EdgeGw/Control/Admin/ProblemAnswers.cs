using System.Text.Json;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Identity;
using EdgeGw.Control.Observability;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>Turns whatever goes wrong into application/problem+json.</summary>
internal static class ProblemAnswers
{
    /// <summary>Writes one problem.</summary>
    internal static Task WriteAsync(HttpContext context, int status, string title, params IReadOnlyList<string> reasons) => WriteAsync(context, status, title, reasons, null);

    private static Task WriteAsync(HttpContext context, int status, string title, IReadOnlyList<string> reasons, long? revision)
    {
        AuditNote.Write(context, title);
        context.Response.StatusCode = status;
        if (status is 503 or 429 && context.Response.Headers.RetryAfter.Count == 0)
        {
            context.Response.Headers.RetryAfter = "1";
        }
        var problem = new Problem(title, status, reasons is [var only] ? only : null, reasons.Count == 0 ? null : reasons) { Revision = revision };
        return context.Response.WriteAsJsonAsync(problem, ProblemJson.Default.Problem, "application/problem+json", context.RequestAborted);
    }

    /// <summary>Runs the rest of the pipeline.</summary>
    internal static async Task CatchAsync(HttpContext context, RequestDelegate next, ControlLog log)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentLength: null })
            {
                await WriteAsync(context, context.Response.StatusCode, context.Response.StatusCode == 404
                    ? $"The Admin API has no '{context.Request.Path}'."
                    : $"'{context.Request.Path}' does not take {context.Request.Method}.");
            }
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await (e switch
            {
                ChangeRefusedException refused => WriteAsync(context, refused.Status, refused.Message, refused.Reasons, refused.Revision),
                BadHttpRequestException bad => WriteAsync(context, bad.StatusCode, bad.Message),
                JsonException => WriteAsync(context, 400, $"The request's body is not valid: {e.Message}"),
                _ => UnexpectedAsync(context, e, log),
            });
        }
        catch (OperationCanceledException)
        {
            // The caller has gone; there is nobody to tell.
        }
    }

    private static Task UnexpectedAsync(HttpContext context, Exception error, ControlLog log)
    {
        log.Error($"{context.Request.Method} {context.Request.Path} failed: {error}");
        return WriteAsync(context, 500, "The gateway failed; its log has the details.");
    }
}
