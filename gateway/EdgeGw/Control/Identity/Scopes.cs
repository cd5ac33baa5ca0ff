namespace EdgeGw.Control.Identity;

/// <summary>What somebody may do. Every credential may read; <see cref="Admin"/> is all of it.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary>Look at everything but users, keys, secrets and the audit log.</summary>
    Read = 1,

    /// <summary>Change what is served: deploys, rollbacks, the catalog.</summary>
    Deploy = 2,

    /// <summary>Change services and secrets.</summary>
    Services = 4,

    /// <summary>Have source compiled, which is running code on the gateway's machine.</summary>
    Compile = 8,

    /// <summary>Everything, users and keys included.</summary>
    Admin = 16,
}
