using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Identity;
using EdgeGw.Control.Supervision;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>Who may call what. The Unix socket's mode is its guard; over TCP a credential is asked for, with the scope that the route needs, and web pages of others are kept out.</summary>
internal sealed class AdminAccess(Credentials credentials, ListenAddress? tcp, IReadOnlyList<string> hosts)
{
    private const string CsrfHeader = "X-CSRF-Token";

    /// <summary>Set on connections that came through the Unix socket. What lacks it is not trusted.</summary>
    internal sealed class Trusted;

    /// <summary>Null when the request may pass, made by <see cref="Principal.Of"/>; else the answer's status and sentence.</summary>
    internal (int Status, string Title)? Refusal(HttpContext context)
    {
        if (context.Features.Get<Trusted>() is not null)
        {
            Admit(context, Principal.Socket);
            return null;
        }
        var request = context.Request;
        if (!IsOurHost(request.Host.Host))
        {
            // A name of the attacker's that resolves to this machine (DNS rebinding) shows in the Host header.
            return (421, $"The Admin API does not answer to the host '{request.Host.Host}'; call it by its address, or name it in Identity:Hosts.");
        }
        if (IsForeign(request))
        {
            return (403, $"A page of '{request.Headers.Origin}' may not call the Admin API.");
        }
        var needed = ScopeTable.Needed(context);
        var principal = credentials.Authenticate(context, out var refusal);
        if (principal is null)
        {
            if (needed == Scopes.None)
            {
                return null;
            }
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return (401, refusal ?? "The Admin API over TCP needs a session, or 'Authorization: Bearer' with an API key or the contents of admin.token in the state directory.");
        }
        Admit(context, principal);
        if (!principal.Scopes.Covers(needed))
        {
            return (403, $"{request.Method} {request.Path} needs the scope {ScopeNames.Write(needed)}; {principal} has {ScopeNames.Write(principal.Scopes)}.");
        }
        return principal.Session is { } session && Changes(request) && !HasToken(request, session)
            ? (403, $"A request with a session's cookie that changes something needs the header {CsrfHeader} with what GET /api/v1/session gives as 'csrf'.")
            : null;
    }

    private static void Admit(HttpContext context, Principal principal)
    {
        context.Features.Set(principal);
        ChangeAuthor.Name = principal.Name;
    }

    private static bool Changes(HttpRequest request) => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

    // A login is made before there is a token; whose cookie it brings does not matter.
    private static bool HasToken(HttpRequest request, Session session) =>
        (request.Method == HttpMethods.Post && request.Path == "/api/v1/session")
        || CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers[CsrfHeader].ToString()), Encoding.UTF8.GetBytes(session.Csrf));

    // Browsers say where a request comes from in one header or the other; other programs say nothing.
    private bool IsForeign(HttpRequest request) =>
        request.Headers.Origin is [{ } origin, ..] ? !IsOurOrigin(origin, request)
        : Changes(request) && request.Headers["Sec-Fetch-Site"] is ["cross-site" or "same-site", ..];

    // Behind a proxy that ends TLS the scheme is another one; the name is one that the administrator has given.
    private bool IsOurOrigin(string origin, HttpRequest request) =>
        origin == $"{request.Scheme}://{request.Host}" || (IsNamed(request.Host.Host) && origin == $"https://{request.Host}");

    private bool IsOurHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(tcp?.Host, StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _)
        || IsNamed(host);

    private bool IsNamed(string host) => hosts.Contains(host, StringComparer.OrdinalIgnoreCase);
}
