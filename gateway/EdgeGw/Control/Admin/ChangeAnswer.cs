using EdgeGw.Control.Changes;
using EdgeGw.Control.Identity;
using EdgeGw.Epochs;
using EdgeGw.Scouting;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>What every change is answered with.</summary>
internal static class ChangeAnswer
{
    /// <summary>Writes it; <paramref name="made"/> is the status when something was changed, 200 is it otherwise.</summary>
    internal static Task WriteAsync(HttpContext context, ChangeOutcome outcome, TimeSpan elapsed, int made = StatusCodes.Status201Created)
    {
        AuditNote.Write(context, outcome.Reason);
        context.Response.StatusCode = outcome.Changed ? made : StatusCodes.Status200OK;
        var document = new ChangeDocument(
            outcome.Epoch?.Number ?? 0, outcome.Reason, outcome.Changed, outcome.Epoch is { } epoch ? Names(epoch) : [],
            outcome.Scout is { } report ? PriceTag.Of(report) : null, outcome.Contract, elapsed.TotalMilliseconds, outcome.Drained);
        return context.Response.WriteAsJsonAsync(document, AdminJson.Default.ChangeDocument, cancellationToken: context.RequestAborted);
    }

    /// <summary>An epoch's handlers.</summary>
    internal static IReadOnlyList<HandlerName> Names(EpochConfig epoch) => [.. epoch.Handlers.Select(h => new HandlerName(h.Name, h.Version, h.Sha256))];
}
