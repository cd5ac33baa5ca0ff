namespace EdgeGw.Cli.Admin;

/// <summary>What <c>POST /api/v1/bundles</c> answers (docs/admin-api.md).</summary>
internal sealed record PlanReply
{
    public long Epoch { get; set; }
    public string Reason { get; set; } = "";
    public bool Changed { get; set; }
    public bool DryRun { get; set; }
    public IReadOnlyList<PlanLineReply> Diff { get; set; } = [];
    public IReadOnlyList<string> Refusals { get; set; } = [];
    public double ElapsedMs { get; set; }
}

/// <summary>One line of what a plan does.</summary>
internal sealed record PlanLineReply
{
    public string Kind { get; set; } = "";
    public string What { get; set; } = "";
    public IReadOnlyList<string> Details { get; set; } = [];
    public bool Breaking { get; set; }
}

/// <summary>What <c>POST /api/v1/imports/openapi</c> answers (docs/admin-api.md).</summary>
internal sealed record ImportReply
{
    public bool Applied { get; set; }
    public bool DryRun { get; set; }
    public string? Domain { get; set; }
    public string? Collection { get; set; }
    public long? Epoch { get; set; }
    public IReadOnlyList<PlanLineReply> Diff { get; set; } = [];
    public IReadOnlyList<ImportedReply> Deployed { get; set; } = [];
    public double ElapsedMs { get; set; }
}

/// <summary>An endpoint that an import deploys.</summary>
internal sealed record ImportedReply
{
    public string Endpoint { get; set; } = "";
    public string? Build { get; set; }
    public string? Sha256 { get; set; }
    public bool Cached { get; set; }
}

/// <summary>What an apply is asked for beside its bundle.</summary>
/// <param name="Prune">Whether what the bundle does not name goes.</param>
/// <param name="Force">Whether to go on although somebody is let down.</param>
/// <param name="Deploy">Whether to compile and deploy endpoints that it has as sources.</param>
internal sealed record ApplyQuery(bool Prune, bool Force, bool Deploy);

/// <summary>What an import is asked for beside its document.</summary>
/// <param name="Name">What messages call the document.</param>
/// <param name="Domain">The domain's host or id.</param>
/// <param name="Collection">The collection's name or id.</param>
/// <param name="Deploy">Whether to compile and deploy its endpoints.</param>
/// <param name="Force">Whether to deploy what lets callers down.</param>
internal sealed record ImportQuery(string Name, string? Domain, string? Collection, bool Deploy, bool Force);

/// <summary>What <c>edgegw export --json</c> prints.</summary>
internal sealed record ExportReply(string Written);
