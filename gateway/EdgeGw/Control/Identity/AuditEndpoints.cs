using System.Globalization;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Identity;

/// <summary>The audit log, for administrators.</summary>
internal sealed class AuditEndpoints(AuditLog audit)
{
    internal void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/audit", ListAsync);

    private Task ListAsync(HttpContext context)
    {
        var paging = Paging.Of(context);
        var before = long.MaxValue;
        if (paging.After.Length > 0 && !long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            throw new ChangeRefusedException(400, $"'after' is '{paging.After}'; it must be what 'next' of a page says.");
        }
        var who = context.Request.Query["who"] is [{ Length: > 0 } name, ..] ? name : null;
        var (page, next) = paging.Cut(audit.List(before, paging.Limit + 1, who), entry => entry.Id.ToString(CultureInfo.InvariantCulture));
        return context.Response.WriteAsJsonAsync(new AuditDocument(page, next), IdentityJson.Default.AuditDocument, cancellationToken: context.RequestAborted);
    }
}
