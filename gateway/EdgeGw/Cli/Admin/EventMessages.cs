namespace EdgeGw.Cli.Admin;

// What events carry (docs/admin-api.md). A deployment, a crash and a quarantine have shapes of their own elsewhere too.

/// <summary>The beginning.</summary>
internal sealed record ReadyReply
{
    public long Epoch { get; set; }
}

/// <summary>Something with a reason alone.</summary>
internal sealed record MissedReply
{
    public string Reason { get; set; } = "";
}

/// <summary>An attempt to change what serves.</summary>
internal sealed record DeploymentReply
{
    public string Principal { get; set; } = "";
    public string Action { get; set; } = "";
    public string Result { get; set; } = "";
    public long? Epoch { get; set; }
    public double Ms { get; set; }
    public string Reason { get; set; } = "";
    public IReadOnlyList<string> Reasons { get; set; } = [];
}

/// <summary>An endpoint of the catalog came into another state.</summary>
internal sealed record EndpointReply
{
    public string Name { get; set; } = "";
    public string State { get; set; } = "";
    public string? StateReason { get; set; }
    public bool Deleted { get; set; }
}

/// <summary>The traffic since the event before.</summary>
internal sealed record MetricsReply
{
    public int? Worker { get; set; }
    public double RequestsPerSecond { get; set; }
    public double ErrorsPerSecond { get; set; }
    public double? P50Ms { get; set; }
    public double? P99Ms { get; set; }
    public long InFlight { get; set; }
}
