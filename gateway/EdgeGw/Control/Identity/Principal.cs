using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Identity;

/// <summary>How somebody has shown who he is.</summary>
internal enum PrincipalKind
{
    /// <summary>By opening <c>control.sock</c>, whose mode is its guard.</summary>
    Socket,

    /// <summary>With the contents of <c>admin.token</c>.</summary>
    Token,

    /// <summary>With an API key.</summary>
    Key,

    /// <summary>With a password, some time ago; now with a session's cookie.</summary>
    User,
}

/// <summary>Who makes a request.</summary>
/// <param name="Kind">How that is known.</param>
/// <param name="Name">The user's name, the key's name and id, or what stands for the kind.</param>
/// <param name="Scopes">What he may do.</param>
internal sealed record Principal(PrincipalKind Kind, string Name, Scopes Scopes)
{
    /// <summary>Whoever has opened the Unix socket.</summary>
    internal static Principal Socket { get; } = new(PrincipalKind.Socket, "control.sock", Scopes.Admin);

    /// <summary>Whoever has <c>admin.token</c>.</summary>
    internal static Principal Token { get; } = new(PrincipalKind.Token, "admin.token", Scopes.Admin);

    /// <summary>The session, for a user.</summary>
    internal Session? Session { get; init; }

    /// <summary>Until when the credential holds; null for ever.</summary>
    internal DateTimeOffset? Expires { get; init; }

    /// <summary>Who makes this request; null when nobody has shown who he is, which only a few routes allow.</summary>
    internal static Principal? Of(HttpContext context) => context.Features.Get<Principal>();

    /// <summary>As the audit and the deployments say it.</summary>
    public override string ToString() => Name;
}
