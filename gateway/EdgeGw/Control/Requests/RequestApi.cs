using System.Text.Json.Serialization;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using EdgeGw.Pipeline.Observe;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Requests;

/// <summary><c>GET /api/v1/requests</c>: the request log.</summary>
internal sealed class RequestApi(RequestFeed feed)
{
    internal void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/requests", ListAsync);

    /// <summary>The records that a query asks for. Throws <see cref="ChangeRefusedException"/> (400).</summary>
    internal static RequestFilter Filter(IQueryCollection query)
    {
        var status = 0;
        if (query["status"] is [{ Length: > 0 } text, ..] && !RequestFilter.TryReadStatus(text, out status))
        {
            throw new ChangeRefusedException(400, $"'status' is '{(text.Length <= 16 ? text : text[..16] + "…")}'; it must be a status such as 404, or a class such as 5xx.");
        }
        return new RequestFilter(query["handler"] is [{ } handler, ..] ? handler : null, status, query["id"] is [{ Length: > 0 } id, ..] ? id : null, false);
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        foreach (var key in query.Keys.Where(key => key is not ("handler" or "status" or "id" or "limit")))
        {
            throw new ChangeRefusedException(400, $"'{(key.Length <= 64 ? key : key[..64] + "…")}' is not a parameter of the request log: there are handler, status, id and limit.");
        }
        var records = await feed.NewestAsync(Filter(query), Paging.Of(context).Limit, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new RequestsDocument(records), RequestsJson.Default.RequestsDocument, cancellationToken: context.RequestAborted);
    }
}

/// <summary>Records, newest first. What is older than the workers keep is not there: there is no next page.</summary>
internal sealed record RequestsDocument(IReadOnlyList<RequestRecord> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next = null);

/// <summary>How they are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RequestsDocument))]
[JsonSerializable(typeof(RequestRecord))]
internal sealed partial class RequestsJson : JsonSerializerContext;
