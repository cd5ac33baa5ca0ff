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
    public double ElapsedMs { get; set; }
}

/// <summary>What <c>edgegw export --json</c> prints.</summary>
internal sealed record ExportReply(string Written);
