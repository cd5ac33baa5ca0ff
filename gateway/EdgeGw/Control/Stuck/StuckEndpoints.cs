using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Stuck;

/// <summary>What was stuck.</summary>
internal sealed class StuckEndpoints(StuckReports reports)
{
    private const int DefaultReports = 20;

    internal void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/stuck", ListAsync);

    private Task ListAsync(HttpContext context)
    {
        var limit = DefaultReports;
        if (context.Request.Query["limit"] is [{ Length: > 0 } text, ..] && !(int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out limit) && limit > 0))
        {
            throw new ChangeRefusedException(400, $"'limit' is '{text}'; it must be a positive whole number.");
        }
        return context.Response.WriteAsJsonAsync(new StuckDocument(reports.Read(limit)), StuckReportJson.Default.StuckDocument, cancellationToken: context.RequestAborted);
    }
}
