namespace EdgeGw.Cli.Admin;

/// <summary>What <c>GET /api/v1/canaries</c> answers (docs/admin-api.md).</summary>
internal sealed record CanariesReply
{
    public IReadOnlyList<CanaryReply> Canaries { get; set; } = [];
    public IReadOnlyList<CanaryEndReply> Ended { get; set; } = [];
}

/// <summary>One canary beside its live version.</summary>
internal sealed record CanaryReply
{
    public string Handler { get; set; } = "";
    public string LiveVersion { get; set; } = "";
    public string Version { get; set; } = "";
    public string Sha256 { get; set; } = "";
    public double Percent { get; set; }
    public DateTimeOffset Since { get; set; }
    public long? PromoteAfterMs { get; set; }
    public int Deaths { get; set; }
    public CanarySideReply Live { get; set; } = new();
    public CanarySideReply Canary { get; set; } = new();
    public string? Fault { get; set; }
}

/// <summary>What one of the two came to.</summary>
internal sealed record CanarySideReply
{
    public long Requests { get; set; }
    public long Errors { get; set; }
    public double? P50Ms { get; set; }
    public double? P99Ms { get; set; }
}

/// <summary>One that is over.</summary>
internal sealed record CanaryEndReply
{
    public DateTimeOffset Time { get; set; }
    public string Outcome { get; set; } = "";
    public string Reason { get; set; } = "";
}

/// <summary>An isolated worker of the status.</summary>
internal sealed record IsolatedReply
{
    public string Handler { get; set; } = "";
    public string Version { get; set; } = "";
    public bool Canary { get; set; }
    public int? Pid { get; set; }
    public double UptimeMs { get; set; }
    public long RssBytes { get; set; }
    public int Threads { get; set; }
    public long Restarts { get; set; }
    public long InFlight { get; set; }
    public long Requests { get; set; }
    public string? LastEnd { get; set; }
}
