namespace EdgeGw.Cli.Admin;

/// <summary>A version that may not run.</summary>
internal sealed record QuarantineReply
{
    public string Handler { get; set; } = "";
    public string Version { get; set; } = "";
    public string Sha256 { get; set; } = "";
    public string Reason { get; set; } = "";
    public long Crash { get; set; }
    public DateTimeOffset Since { get; set; }
}

/// <summary>What <c>GET /api/v1/crashes</c> answers.</summary>
internal sealed record CrashesReply
{
    public IReadOnlyList<CrashLineReply> Crashes { get; set; } = [];
}

/// <summary>One death of a worker, in short.</summary>
internal sealed record CrashLineReply
{
    public long Id { get; set; }
    public DateTimeOffset Time { get; set; }
    public string Cause { get; set; } = "";
    public string? Handler { get; set; }
    public string? Version { get; set; }
    public IReadOnlyList<string> Suspects { get; set; } = [];
    public int Requests { get; set; }
    public string? Action { get; set; }
}

/// <summary>What <c>GET /api/v1/crashes/{id}</c> answers.</summary>
internal sealed record CrashReply
{
    public long Id { get; set; }
    public DateTimeOffset Time { get; set; }
    public int Worker { get; set; }
    public int Pid { get; set; }
    public double UptimeMs { get; set; }
    public long Epoch { get; set; }
    public string Cause { get; set; } = "";
    public SuspectReply? Blamed { get; set; }
    public IReadOnlyList<SuspectReply> Suspects { get; set; } = [];
    public IReadOnlyList<CrashRequestReply> Requests { get; set; } = [];
    public int RequestsLeftOut { get; set; }
    public IReadOnlyList<string> NativeStack { get; set; } = [];
    public string NativeStackNote { get; set; } = "";
    public IReadOnlyList<string> ManagedStack { get; set; } = [];
    public string StandardError { get; set; } = "";
    public string? Action { get; set; }
}

/// <summary>A version that could have killed the worker.</summary>
internal sealed record SuspectReply
{
    public string Handler { get; set; } = "";
    public string Version { get; set; } = "";
    public string Sha256 { get; set; } = "";
    public string Evidence { get; set; } = "";
    public IReadOnlyList<string> Phases { get; set; } = [];
    public int Calls { get; set; }
    public int Requests { get; set; }
}

/// <summary>A request that was lost.</summary>
internal sealed record CrashRequestReply
{
    public string Id { get; set; } = "";
    public string Handler { get; set; } = "";
    public string Version { get; set; } = "";
}
