using System.Net;
using EdgeGw.Control.Supervision;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>Who may call what. The Unix socket's mode is its guard; over TCP a token is asked for, and a web page is kept out.</summary>
internal sealed class AdminAccess(AdminToken token, ListenAddress? tcp)
{
    /// <summary>Set on connections that came through the Unix socket. What lacks it is not trusted.</summary>
    internal sealed class Trusted;

    /// <summary>Null when the request may pass; else the answer's status and sentence.</summary>
    internal (int Status, string Title)? Refusal(HttpContext context)
    {
        if (context.Features.Get<Trusted>() is not null)
        {
            return null;
        }
        var request = context.Request;
        if (!IsOurHost(request.Host.Host))
        {
            // A name of the attacker's that resolves to this machine (DNS rebinding) shows in the Host header.
            return (421, $"The Admin API does not answer to the host '{request.Host.Host}'; call it by its address.");
        }
        if (request.Headers.Origin is [{ } origin, ..] && origin != $"{request.Scheme}://{request.Host}")
        {
            return (403, $"A page of '{origin}' may not call the Admin API.");
        }
        if (request.Path.Value is "/healthz" or "/readyz" or "/metrics")
        {
            return null;
        }
        if (token.Matches(request.Headers.Authorization))
        {
            return null;
        }
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return (401, "The Admin API over TCP needs 'Authorization: Bearer' with the contents of admin.token in the state directory.");
    }

    /// <summary>Who asks, for the log of what was done.</summary>
    internal static string Author(HttpContext context) => context.Features.Get<Trusted>() is null ? "token" : "local";

    private bool IsOurHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(tcp?.Host, StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _);
}
