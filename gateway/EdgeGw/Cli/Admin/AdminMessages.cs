namespace EdgeGw.Cli.Admin;

/// <summary>What <c>GET /api/v1/status</c> answers (docs/admin-api.md). Members that an older or newer gateway leaves out have their defaults.</summary>
internal sealed record StatusReply
{
    public string Version { get; init; } = "";
    public string Abi { get; init; } = "";
    public long Epoch { get; init; }
    public string State { get; init; } = "";
    public bool Ready { get; init; }
    public IReadOnlyList<string> Reasons { get; init; } = [];
    public IReadOnlyList<string> Listen { get; init; } = [];
    public string? Admin { get; init; }
    public ProcessReply? Control { get; init; }
    public ProcessReply? Worker { get; init; }
    public IReadOnlyList<HandlerReply> Handlers { get; init; } = [];
    public IReadOnlyList<VersionReply> Versions { get; init; } = [];
}

/// <summary>A process of the gateway; the last four are the worker's alone.</summary>
internal sealed record ProcessReply
{
    public int Pid { get; init; }
    public double UptimeMs { get; init; }
    public long RssBytes { get; init; }
    public long Restarts { get; init; }
    public long InFlight { get; init; }
    public long Requests { get; init; }
    public int Threads { get; init; }
}

/// <summary>A deployed handler.</summary>
internal sealed record HandlerReply
{
    public string Name { get; init; } = "";
    public string Version { get; init; } = "";
    public string Sha256 { get; init; } = "";
    public int Routes { get; init; }
    public string State { get; init; } = "";
}

/// <summary>A row of the ledger of versions in the worker.</summary>
internal sealed record VersionReply
{
    public string Handler { get; init; } = "";
    public string Version { get; init; } = "";
    public string Sha256 { get; init; } = "";
    public string State { get; init; } = "";
    public long InFlight { get; init; }
    public long Requests { get; init; }
    public DateTimeOffset? LoadedAt { get; init; }
    public double? LoadMs { get; init; }
    public long? RssBytes { get; init; }
    public int? Threads { get; init; }
    public string? Error { get; init; }
}

/// <summary>What a deploy, a rollback and an undeploy answer.</summary>
internal sealed record ChangeReply
{
    public long Epoch { get; init; }
    public string Reason { get; init; } = "";
    public IReadOnlyList<HandlerReply> Handlers { get; init; } = [];
    public ScoutReply? Scout { get; init; }
    public double ElapsedMs { get; init; }
    public bool? Drained { get; init; }
}

/// <summary>What the scout measured of a library.</summary>
internal sealed record ScoutReply
{
    public string Abi { get; init; } = "";
    public double LoadMs { get; init; }
    public long RssBytes { get; init; }
    public int Threads { get; init; }
    public int Routes { get; init; }
}

/// <summary>What <c>GET /api/v1/epochs</c> answers.</summary>
internal sealed record EpochsReply
{
    public IReadOnlyList<EpochReply> Epochs { get; init; } = [];
}

/// <summary>One epoch of the history.</summary>
internal sealed record EpochReply
{
    public long Number { get; init; }
    public bool Current { get; init; }
    public DateTimeOffset Created { get; init; }
    public string Action { get; init; } = "";
    public string Reason { get; init; } = "";
    public long Parent { get; init; }
    public long? Restores { get; init; }
    public IReadOnlyList<HandlerReply> Handlers { get; init; } = [];
}

/// <summary>What <c>GET /api/v1/routes</c> answers.</summary>
internal sealed record RoutesReply
{
    public IReadOnlyList<RouteReply> Routes { get; init; } = [];
}

/// <summary>One route.</summary>
internal sealed record RouteReply
{
    public string Method { get; init; } = "";
    public string Host { get; init; } = "*";
    public string Pattern { get; init; } = "";
    public string Handler { get; init; } = "";
    public string Version { get; init; } = "";
    public string? Name { get; init; }
    public int DeadlineMs { get; init; }
    public long MaxBodyBytes { get; init; }
    public int Concurrency { get; init; }
}

/// <summary>A line of <c>GET /api/v1/logs</c>.</summary>
internal sealed record LogReply
{
    public DateTimeOffset Time { get; init; }
    public string Level { get; init; } = "";
    public string Source { get; init; } = "";
    public string? RequestId { get; init; }
    public string Message { get; init; } = "";
}

/// <summary>What <c>POST /api/v1/rollbacks</c> takes: a handler, or an epoch, or neither.</summary>
internal sealed record RollbackRequest
{
    public string? Handler { get; init; }
    public long? Epoch { get; init; }
}

/// <summary>An error (RFC 9457).</summary>
internal sealed record ProblemReply
{
    public string? Title { get; init; }
    public string? Detail { get; init; }
    public int? Status { get; init; }
    public IReadOnlyList<string>? Reasons { get; init; }
}
