using EdgeGw.Scouting;

namespace EdgeGw.Cli.Admin;

// Set, not init: the JSON source generator writes every init-only property, and so loses the defaults of those that are not in the document.

/// <summary>What <c>GET /api/v1/status</c> answers (docs/admin-api.md). Members that an older or newer gateway leaves out have their defaults.</summary>
internal sealed record StatusReply
{
    public string Version { get; set; } = "";
    public string Abi { get; set; } = "";
    public long Epoch { get; set; }
    public string State { get; set; } = "";
    public bool Ready { get; set; }
    public IReadOnlyList<string> Reasons { get; set; } = [];
    public IReadOnlyList<string> Listen { get; set; } = [];
    public string? Admin { get; set; }
    public ProcessReply? Control { get; set; }
    public ProcessReply? Worker { get; set; }
    public IReadOnlyList<DrainingReply> Draining { get; set; } = [];
    public IReadOnlyList<HandlerReply> Handlers { get; set; } = [];
    public IReadOnlyList<VersionReply> Versions { get; set; } = [];
    public IReadOnlyList<QuarantineReply> Quarantine { get; set; } = [];
    public IReadOnlyList<IsolatedReply> Isolated { get; set; } = [];
}

/// <summary>A process of the gateway; the upgrades are control's alone, all from the restarts on the worker's.</summary>
internal sealed record ProcessReply
{
    public int Pid { get; set; }
    public double UptimeMs { get; set; }
    public long RssBytes { get; set; }
    public int Upgrades { get; set; }
    public long Restarts { get; set; }
    public long HandOvers { get; set; }
    public long InFlight { get; set; }
    public long Requests { get; set; }
    public int Threads { get; set; }
    public int LostThreads { get; set; }
}

/// <summary>A worker that was replaced and still finishes what it has.</summary>
internal sealed record DrainingReply
{
    public int Pid { get; set; }
    public double UptimeMs { get; set; }
    public long RssBytes { get; set; }
    public long InFlight { get; set; }
    public int Connections { get; set; }
    public long Epoch { get; set; }
}

/// <summary>What <c>POST /api/v1/upgrade</c> answers.</summary>
internal sealed record UpgradeReply
{
    public int Pid { get; set; }
    public string Version { get; set; } = "";
    public int Upgrades { get; set; }
    public double ElapsedMs { get; set; }
}

/// <summary>What <c>POST /api/v1/reload</c> answers.</summary>
internal sealed record ReloadReply
{
    public int Pid { get; set; }
    public IReadOnlyList<string> Pending { get; set; } = [];
    public double ElapsedMs { get; set; }
}

/// <summary>A deployed handler.</summary>
internal sealed record HandlerReply
{
    public string Name { get; set; } = "";
    public string Version { get; set; } = "";
    public string Sha256 { get; set; } = "";
    public int Routes { get; set; }
    public string State { get; set; } = "";
    public PriceTag? Scout { get; set; }
}

/// <summary>A row of the ledger of versions in the worker.</summary>
internal sealed record VersionReply
{
    public string Handler { get; set; } = "";
    public string Version { get; set; } = "";
    public string Sha256 { get; set; } = "";
    public string State { get; set; } = "";
    public long InFlight { get; set; }
    public long Requests { get; set; }
    public DateTimeOffset? LoadedAt { get; set; }
    public double? LoadMs { get; set; }
    public long? RssBytes { get; set; }
    public int? Threads { get; set; }
    public string? Error { get; set; }
    public int Ordinal { get; set; }
    public int? Pid { get; set; }
    public UsageReply? Usage { get; set; }
}

/// <summary>What a version uses; null where its library does not tell.</summary>
internal sealed record UsageReply
{
    public double CpuMs { get; set; }
    public int BlockedThreads { get; set; }
    public int LostThreads { get; set; }
    public int LostRequests { get; set; }
    public long OutOfMemory { get; set; }
    public long? HeapBytes { get; set; }
    public long? AllocatedBytes { get; set; }
    public long? Collections { get; set; }
    public double? GcPauseMs { get; set; }
}

/// <summary>What a deploy, a rollback, an undeploy and a change of services answer.</summary>
internal sealed record ChangeReply
{
    public long Epoch { get; set; }
    public string Reason { get; set; } = "";
    public bool Changed { get; set; } = true;
    public IReadOnlyList<HandlerReply> Handlers { get; set; } = [];
    public PriceTag? Scout { get; set; }
    public IReadOnlyList<ContractReply> Contract { get; set; } = [];
    public double ElapsedMs { get; set; }
    public bool? Drained { get; set; }
}

/// <summary>One difference between two deployments of a handler.</summary>
internal sealed record ContractReply
{
    public string Kind { get; set; } = "";
    public string What { get; set; } = "";
    public string Detail { get; set; } = "";
    public bool Breaking { get; set; }
}

/// <summary>What <c>GET /api/v1/epochs</c> answers.</summary>
internal sealed record EpochsReply
{
    public IReadOnlyList<EpochReply> Epochs { get; set; } = [];
}

/// <summary>One epoch of the history.</summary>
internal sealed record EpochReply
{
    public long Number { get; set; }
    public bool Current { get; set; }
    public DateTimeOffset Created { get; set; }
    public string Action { get; set; } = "";
    public string Reason { get; set; } = "";
    public long Parent { get; set; }
    public long? Restores { get; set; }
    public IReadOnlyList<HandlerReply> Handlers { get; set; } = [];
    public IReadOnlyList<ServiceReply> Services { get; set; } = [];
}

/// <summary>What <c>GET /api/v1/routes</c> answers.</summary>
internal sealed record RoutesReply
{
    public IReadOnlyList<RouteReply> Routes { get; set; } = [];
}

/// <summary>One route.</summary>
internal sealed record RouteReply
{
    public string Method { get; set; } = "";
    public string Host { get; set; } = "*";
    public string Pattern { get; set; } = "";
    public string Handler { get; set; } = "";
    public string Version { get; set; } = "";
    public string? Name { get; set; }
    public int DeadlineMs { get; set; }
    public long MaxBodyBytes { get; set; }
    public int Concurrency { get; set; }
    public string State { get; set; } = "live";
}

/// <summary>A line of <c>GET /api/v1/logs</c>.</summary>
internal sealed record LogReply
{
    public DateTimeOffset Time { get; set; }
    public string Level { get; set; } = "";
    public string Source { get; set; } = "";
    public string? RequestId { get; set; }
    public string Message { get; set; } = "";
}

/// <summary>What <c>POST /api/v1/rollbacks</c> takes: a handler, or an epoch, or neither.</summary>
internal sealed record RollbackRequest
{
    public string? Handler { get; set; }
    public long? Epoch { get; set; }
}

/// <summary>An error (RFC 9457).</summary>
internal sealed record ProblemReply
{
    public string? Title { get; set; }
    public string? Detail { get; set; }
    public int? Status { get; set; }
    public IReadOnlyList<string>? Reasons { get; set; }
}
