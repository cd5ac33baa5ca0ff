using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Identity;

/// <summary>Users, for administrators.</summary>
internal sealed class UserEndpoints(Users users, Passwords passwords, SetupToken setup)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/users", ListAsync);
        routes.MapPost("/api/v1/users", AddAsync);
        routes.MapGet("/api/v1/users/{name}", ShowAsync);
        routes.MapPut("/api/v1/users/{name}", ChangeAsync);
        routes.MapDelete("/api/v1/users/{name}", RemoveAsync);
    }

    /// <summary>A user's name. Throws <see cref="ChangeRefusedException"/> (422) when it is none.</summary>
    internal static string Name(string? name) =>
        UserName.IsOne(name) ? name! : throw new ChangeRefusedException(422, $"A user's name has 1 to {UserName.MaxLength} of the characters a-z, A-Z, 0-9, '.', '_', '-' and '@'.");

    private Task ListAsync(HttpContext context)
    {
        var (page, next) = Paging.Read(context, users.List, user => user.Name);
        return context.Response.WriteAsJsonAsync(new UsersDocument([.. page.Select(Document)], next), IdentityJson.Default.UsersDocument, cancellationToken: context.RequestAborted);
    }

    private async Task AddAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        var (name, scopes) = (Name(request.Name), ScopeNames.Parse(request.Scopes));
        var user = users.Add(name, await passwords.HashAsync(name, request.Password, context.RequestAborted), scopes, request.Enabled ?? true);
        setup.Done();
        AuditNote.Write(context, $"user '{user.Name}' with {ScopeNames.Write(scopes)}");
        await WriteAsync(context, user, $"/api/v1/users/{Uri.EscapeDataString(user.Name)}");
    }

    private Task ShowAsync(HttpContext context) => WriteAsync(context, users.Find(Of(context)) ?? throw new ChangeRefusedException(404, $"There is no user '{Of(context)}'."));

    private async Task ChangeAsync(HttpContext context)
    {
        var revision = Revision.Expected(context);
        var request = await ReadAsync(context);
        var name = Of(context);
        if (request.Name is { } given && given != name)
        {
            throw new ChangeRefusedException(422, "A user cannot be renamed; make another one and delete this one.");
        }
        var scopes = ScopeNames.Parse(request.Scopes);
        var hash = request.Password is null ? null : await passwords.HashAsync(name, request.Password, context.RequestAborted);
        var user = users.Change(name, revision, scopes, request.Enabled ?? true, hash);
        AuditNote.Write(context, $"user '{user.Name}' with {ScopeNames.Write(scopes)}{(user.Enabled ? "" : ", disabled")}{(hash is null ? "" : ", another password")}");
        await WriteAsync(context, user);
    }

    private Task RemoveAsync(HttpContext context)
    {
        users.Remove(Of(context), Revision.Expected(context));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string Of(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static async Task<UserRequest> ReadAsync(HttpContext context) =>
        await JsonBody.ReadAsync(context, IdentityJson.Default.UserRequest) ?? throw new ChangeRefusedException(400, "The body must be the user: {\"name\":\"…\",\"password\":\"…\",\"scopes\":[\"read\"]}.");

    private static Task WriteAsync(HttpContext context, User user, string? made = null) => DocumentAnswer.WriteAsync(context, Document(user), IdentityJson.Default.UserDocument, user.Revision, made);

    private static UserDocument Document(User user) => new(user.Name, user.Revision, ScopeNames.Of(user.Scopes), user.Enabled, user.Created, user.LastLogin);
}
