using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Identity;

/// <summary>API keys, for administrators.</summary>
internal sealed class KeyEndpoints(ApiKeys keys, TimeProvider clock)
{
    private const int MaxNameChars = 100;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/keys", ListAsync);
        routes.MapPost("/api/v1/keys", AddAsync);
        routes.MapGet("/api/v1/keys/{id}", ShowAsync);
        routes.MapDelete("/api/v1/keys/{id}", RemoveAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var (page, next) = Paging.Read(context, keys.List, key => key.Id);
        return context.Response.WriteAsJsonAsync(new KeysDocument([.. page.Select(Document)], next), IdentityJson.Default.KeysDocument, cancellationToken: context.RequestAborted);
    }

    private async Task AddAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, IdentityJson.Default.KeyRequest) ?? throw new ChangeRefusedException(400, "The body must be the key: {\"name\":\"…\",\"scopes\":[\"deploy\"],\"expires\":\"…\"}.");
        if (request.Name is not { Length: > 0 and <= MaxNameChars } name || name.Any(char.IsControl))
        {
            throw new ChangeRefusedException(422, $"'name' says what the key is for, in 1 to {MaxNameChars} characters.");
        }
        var scopes = ScopeNames.Parse(request.Scopes);
        if (request.Expires <= clock.GetUtcNow())
        {
            throw new ChangeRefusedException(422, "'expires' is in the past; leave it out for a key that does not expire.");
        }
        var (key, text) = keys.Add(name, scopes, request.Expires, Principal.Of(context)!.Name);
        AuditNote.Write(context, $"key '{name}' ({key.Id}) with {ScopeNames.Write(scopes)}");
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, Document(key) with { Key = text }, $"/api/v1/keys/{key.Id}");
    }

    private Task ShowAsync(HttpContext context) => WriteAsync(context, Document(keys.Find(Of(context)) ?? throw Unknown(context)));

    // A key never changes, so there is no revision to be asked for: one that has leaked must go at once.
    private Task RemoveAsync(HttpContext context)
    {
        var key = keys.Remove(Of(context)) ?? throw Unknown(context);
        AuditNote.Write(context, $"key '{key.Name}' ({key.Id})");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string Of(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private static ChangeRefusedException Unknown(HttpContext context) => new(404, $"There is no API key '{Of(context)}'.");

    private static Task WriteAsync(HttpContext context, KeyDocument document, string? made = null) => DocumentAnswer.WriteAsync(context, document, IdentityJson.Default.KeyDocument, document.Revision, made);

    private KeyDocument Document(ApiKey key) =>
        new(key.Id, 1, key.Name, ScopeNames.Of(key.Scopes), key.Created, key.CreatedBy, key.Expires, key.LastUsed, key.Expires <= clock.GetUtcNow());
}
