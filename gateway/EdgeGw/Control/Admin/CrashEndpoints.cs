using System.Globalization;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Crashes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Admin;

/// <summary>What killed workers.</summary>
internal sealed class CrashEndpoints(CrashStore reports)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/crashes", ListAsync);
        routes.MapGet("/api/v1/crashes/{id}", ShowAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var lines = reports.All.OrderByDescending(report => report.Id).Select(CrashLine.Of);
        return context.Response.WriteAsJsonAsync(new CrashesDocument([.. lines]), AdminJson.Default.CrashesDocument, cancellationToken: context.RequestAborted);
    }

    private Task ShowAsync(HttpContext context)
    {
        var text = (string)context.Request.RouteValues["id"]!;
        var report = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? reports.All.FirstOrDefault(report => report.Id == id) : null;
        return report is null
            ? throw new ChangeRefusedException(404, $"There is no crash report '{text}'; 'edgegw crashes' lists those that are kept.")
            : context.Response.WriteAsJsonAsync(report, AdminJson.Default.CrashReport, cancellationToken: context.RequestAborted);
    }
}
