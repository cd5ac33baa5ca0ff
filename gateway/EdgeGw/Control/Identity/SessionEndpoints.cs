using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Identity;

/// <summary>The first user, logging in and out.</summary>
internal sealed class SessionEndpoints(SetupToken setup, Users users, Passwords passwords, Login login, Sessions sessions, IdentitySettings settings)
{
    private const string WrongLogin = "The user's name or the password is wrong.";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/setup", ShowSetupAsync);
        routes.MapPost("/api/v1/setup", SetUpAsync);
        routes.MapGet("/api/v1/session", ShowAsync);
        routes.MapPost("/api/v1/session", LogInAsync);
        routes.MapDelete("/api/v1/session", LogOutAsync);
        routes.MapPost("/api/v1/session/password", ChangePasswordAsync);
    }

    private Task ShowSetupAsync(HttpContext context)
    {
        var needed = users.AreNone();
        if (needed)
        {
            setup.Needed();
        }
        return context.Response.WriteAsJsonAsync(new SetupDocument(needed, settings.PasswordLength), IdentityJson.Default.SetupDocument, cancellationToken: context.RequestAborted);
    }

    private async Task SetUpAsync(HttpContext context)
    {
        var request = await ReadAsync(context, IdentityJson.Default.SetupRequest, "{\"token\":\"…\",\"user\":\"…\",\"password\":\"…\"}");
        if (!users.AreNone())
        {
            throw new ChangeRefusedException(409, "The gateway is set up already: log in, or have a user made with 'edgegw users add'.");
        }
        if (!setup.Matches(request.Token))
        {
            throw new ChangeRefusedException(403, "That is not the setup token; the gateway has written it to its console (under systemd: journalctl -u edgegw), another one at each start.");
        }
        var name = UserEndpoints.Name(request.User);
        var user = users.Add(name, await passwords.HashAsync(name, request.Password, context.RequestAborted), Scopes.Read | Scopes.Admin, enabled: true, first: true);
        setup.Done();
        AuditNote.WriteEvent(context, $"the first user '{user.Name}' was made", user.Name);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = "/api/v1/session";
        await BeginAsync(context, user);
    }

    private Task ShowAsync(HttpContext context)
    {
        var principal = Principal.Of(context)!;
        return WriteAsync(context, principal.Session is { } session ? Document(session)
            : new SessionDocument(principal.Name, principal.Kind.ToString().ToLowerInvariant(), ScopeNames.Of(principal.Scopes), null, principal.Expires));
    }

    private async Task LogInAsync(HttpContext context)
    {
        var request = await ReadAsync(context, IdentityJson.Default.LoginRequest, "{\"user\":\"…\",\"password\":\"…\"}");
        if (request is not { User: { Length: > 0 } name, Password: { Length: > 0 } password })
        {
            throw new ChangeRefusedException(400, "'user' and 'password' must be given.");
        }
        var outcome = await login.TryAsync(name, password, AuditLog.AddressOf(context), context.RequestAborted);
        if (outcome.Wait is { } wait)
        {
            var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers.RetryAfter = seconds;
            throw new ChangeRefusedException(429, $"Too many logins have failed; try again in {seconds} s.");
        }
        if (outcome.User is not { } user)
        {
            // A password typed into the wrong field is not to be written down.
            var known = UserName.IsOne(name) ? users.Find(name)?.Name : null;
            AuditNote.WriteEvent(context, known is null ? "login of an unknown user refused" : "login refused", known);
            throw new ChangeRefusedException(401, WrongLogin);
        }
        setup.Done();
        AuditNote.WriteEvent(context, "logged in", user.Name);
        await BeginAsync(context, user);
    }

    private Task LogOutAsync(HttpContext context)
    {
        if (Principal.Of(context)?.Session is { } session)
        {
            sessions.End(session.Id);
            AuditNote.Write(context, "logged out");
        }
        SessionCookie.Take(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task ChangePasswordAsync(HttpContext context)
    {
        var session = Principal.Of(context)!.Session ?? throw new ChangeRefusedException(409, "Only who has logged in with a password can change it; an administrator sets another's with PUT /api/v1/users/{name}.");
        var request = await ReadAsync(context, IdentityJson.Default.PasswordRequest, "{\"old\":\"…\",\"new\":\"…\"}");
        var outcome = await login.TryAsync(session.User, request.Old ?? "", AuditLog.AddressOf(context), context.RequestAborted);
        if (outcome.User is null)
        {
            throw outcome.Wait is null ? new ChangeRefusedException(403, "The old password is wrong.") : new ChangeRefusedException(429, "Too many passwords were wrong; try again later.");
        }
        users.Change(session.User, null, null, null, await passwords.HashAsync(session.User, request.New, context.RequestAborted), keep: session.Id);
        AuditNote.Write(context, "changed the own password; other sessions have ended");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private Task BeginAsync(HttpContext context, User user)
    {
        var (session, token) = sessions.Begin(user, AuditLog.AddressOf(context), Principal.Of(context)?.Session);
        SessionCookie.Give(context, token);
        return WriteAsync(context, Document(session));
    }

    private static SessionDocument Document(Session session) => new(session.User, "user", ScopeNames.Of(session.Scopes), session.Csrf, session.Expires);

    private static Task WriteAsync(HttpContext context, SessionDocument document)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(document, IdentityJson.Default.SessionDocument, cancellationToken: context.RequestAborted);
    }

    // What a form of another site's page can send without being asked is not JSON.
    private static async Task<T> ReadAsync<T>(HttpContext context, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string shape) where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new ChangeRefusedException(415, "The body must be application/json.");
        }
        return await JsonBody.ReadAsync(context, type) ?? throw new ChangeRefusedException(400, $"The body must be {shape}.");
    }
}
