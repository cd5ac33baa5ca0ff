using EdgeGw.Control.Admin;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Identity;

/// <summary>What a request over TCP can show: <c>admin.token</c> or an API key in its Authorization header, or a session's cookie.</summary>
internal sealed class Credentials(AdminToken token, ApiKeys keys, Sessions sessions)
{
    private const string Scheme = "Bearer ";

    /// <summary>Who makes a request; null when it shows nothing that holds, with a sentence where there is more to say than that. A session's next token goes into the answer.</summary>
    internal Principal? Authenticate(HttpContext context, out string? refusal)
    {
        refusal = null;
        // Whoever gives a key means that key, whatever cookies his browser adds.
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            return token.Matches(authorization) ? Principal.Token
                : authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? keys.Authenticate(authorization[Scheme.Length..].Trim(), out refusal)
                : null;
        }
        if (sessions.Find(SessionCookie.Read(context), out var next) is not { } session)
        {
            return null;
        }
        if (next is not null)
        {
            SessionCookie.Give(context, next);
        }
        return new Principal(PrincipalKind.User, session.User, session.Scopes) { Session = session, Expires = session.Expires };
    }
}
