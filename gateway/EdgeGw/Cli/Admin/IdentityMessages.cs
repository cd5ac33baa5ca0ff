namespace EdgeGw.Cli.Admin;

/// <summary>What <c>GET /api/v1/session</c> answers.</summary>
internal sealed record SessionReply
{
    public string User { get; set; } = "";
    public string Kind { get; set; } = "";
    public IReadOnlyList<string> Scopes { get; set; } = [];
    public DateTimeOffset? Expires { get; set; }
}

/// <summary>A page of a list.</summary>
internal record PageReply<T>
{
    public IReadOnlyList<T> Items { get; set; } = [];
    public string? Next { get; set; }
}

/// <summary>A user.</summary>
internal sealed record UserReply
{
    public string Name { get; set; } = "";
    public long Revision { get; set; }
    public IReadOnlyList<string> Scopes { get; set; } = [];
    public bool Enabled { get; set; } = true;
    public DateTimeOffset Created { get; set; }
    public DateTimeOffset? LastLogin { get; set; }
}

/// <summary>What makes or changes a user.</summary>
internal sealed record UserBody
{
    public string? Name { get; set; }
    public string? Password { get; set; }
    public IReadOnlyList<string> Scopes { get; set; } = [];
    public bool Enabled { get; set; } = true;
}

/// <summary>An API key; <see cref="Key"/> is there once.</summary>
internal sealed record KeyReply
{
    public string Id { get; set; } = "";
    public string Name { get; set; } = "";
    public IReadOnlyList<string> Scopes { get; set; } = [];
    public DateTimeOffset Created { get; set; }
    public string CreatedBy { get; set; } = "";
    public DateTimeOffset? Expires { get; set; }
    public DateTimeOffset? LastUsed { get; set; }
    public bool Expired { get; set; }
    public string? Key { get; set; }
}

/// <summary>What makes an API key.</summary>
internal sealed record KeyBody
{
    public string Name { get; set; } = "";
    public IReadOnlyList<string> Scopes { get; set; } = [];
    public DateTimeOffset? Expires { get; set; }
}

/// <summary>A secret without its value.</summary>
internal sealed record SecretReply
{
    public string Name { get; set; } = "";
    public long Revision { get; set; }
    public DateTimeOffset Changed { get; set; }
    public string ChangedBy { get; set; } = "";
    public IReadOnlyList<string> UsedBy { get; set; } = [];
}

/// <summary>What sets a secret.</summary>
internal sealed record SecretBody(string Value);

/// <summary>A page of the audit log.</summary>
internal sealed record AuditReply : PageReply<AuditLine>;

/// <summary>An entry of the audit log.</summary>
internal sealed record AuditLine
{
    public DateTimeOffset Time { get; set; }
    public string Who { get; set; } = "";
    public string Address { get; set; } = "";
    public string Method { get; set; } = "";
    public string Path { get; set; } = "";
    public int Status { get; set; }
    public string? Detail { get; set; }
}
