using EdgeGw.Scouting;

namespace EdgeGw.Epochs;

/// <summary>The desired state: one immutable, numbered document, stored as <c>epochs/{number:d10}.json</c> (docs/state.md).</summary>
// Members with a default have a setter, not init: the JSON source generator assigns every init member, absent ones with null.
internal sealed record EpochConfig
{
    /// <summary>The format this code writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The document's format.</summary>
    public int Format { get; set; } = CurrentFormat;

    /// <summary>1, 2, 3 ... without holes.</summary>
    public required long Number { get; init; }

    /// <summary>The epoch whose content this one was made from: where a rollback goes to. 0: the empty state.</summary>
    public long Parent { get; init; }

    /// <summary>For a rollback: the epoch whose content this one repeats.</summary>
    public long? Restores { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>What made it: <c>deploy</c>, <c>undeploy</c>, <c>service</c>, <c>rollback</c>, <c>quarantine</c>, <c>canary</c>, <c>promote</c>, <c>abort</c>, <c>apply</c> (many at once).</summary>
    public required string Action { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Reason { get; init; }

    /// <summary>The deployed handlers, by name.</summary>
    public IReadOnlyList<EpochHandler> Handlers { get; set; } = [];

    /// <summary>The configured services. Those of <see cref="BuiltInServices"/> are there without being listed, unless one of the same kind and name is.</summary>
    public IReadOnlyList<EpochService> Services { get; set; } = [];

    /// <summary>Versions that are not to run, for they killed the worker. One that is deployed nevertheless, having no version before it, answers 503.</summary>
    public IReadOnlyList<EpochQuarantine> Quarantine { get; set; } = [];

    /// <summary>Versions on trial, at most one of each handler.</summary>
    public IReadOnlyList<EpochCanary> Canaries { get; set; } = [];

    /// <summary>Why a version is not to run; null when it may.</summary>
    public EpochQuarantine? QuarantineOf(EpochHandler handler) => Quarantine.FirstOrDefault(entry => entry.Name == handler.Name && entry.Sha256 == handler.Sha256);
}

/// <summary>A version that was taken out of service since it killed the worker. It is known by its name and its bytes.</summary>
internal sealed record EpochQuarantine
{
    /// <summary>The handler's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version, for people.</summary>
    public required string Version { get; init; }

    /// <summary>Lower-case hex SHA-256 of the library.</summary>
    public required string Sha256 { get; init; }

    /// <summary>One sentence that names the crash report.</summary>
    public required string Reason { get; init; }

    /// <summary>The crash report's number; 0 when it is not written yet.</summary>
    public long Crash { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>One deployed handler version of an epoch.</summary>
internal sealed record EpochHandler
{
    /// <summary>The handler's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version, from the manifest.</summary>
    public required string Version { get; init; }

    /// <summary>Lower-case hex SHA-256 of the library: its folder below <c>artifacts/</c>.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Lower-case hex XXH128 of the library, which the worker compares before it loads the file; epochs written by earlier versions have none.</summary>
    public string? Checksum { get; init; }

    /// <summary>The library's file name in that folder.</summary>
    public required string File { get; init; }

    /// <summary>Overrides the manifest's host when set.</summary>
    public string? Host { get; init; }

    /// <summary>Put before every pattern: empty, or <c>/v1</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>How long requests of the replaced version may take to finish, in milliseconds.</summary>
    public int DrainMs { get; set; } = 30_000;

    /// <summary>What overrides the manifest's and the gateway's limits.</summary>
    public EpochLimits Limits { get; set; } = new();

    /// <summary>The handler's own settings (<c>edgegw.config.v1</c>).</summary>
    public IReadOnlyDictionary<string, string> Config { get; set; } = new Dictionary<string, string>();

    /// <summary>Which service the library gets for one that its manifest names, where it is not the one of that name: <c>database:main</c> to <c>database:pets</c>.</summary>
    public IReadOnlyDictionary<string, string> Services { get; set; } = new Dictionary<string, string>();

    /// <summary>That it runs in a worker of its own; null: in the one that all share.</summary>
    public EpochIsolation? Isolation { get; init; }

    /// <summary>The library's manifest, as the scout read it.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>What the scout found out before the deploy; epochs written by earlier versions have none.</summary>
    public PriceTag? Scout { get; init; }
}

/// <summary>Limits given at deploy time; null means the manifest's, then the gateway's.</summary>
internal sealed record EpochLimits
{
    /// <summary>Milliseconds until 504.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>Milliseconds after the deadline until a thread that the handler holds is given up; 0: never.</summary>
    public int? HardDeadlineMs { get; init; }

    /// <summary>The largest request body in bytes.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Requests inside each route's handler at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Requests under way at once, over all routes of the handler.</summary>
    public int? TotalConcurrency { get; init; }

    /// <summary>Calls of services that it may begin in a second; it gets <c>EDGEGW_BUSY</c> beyond.</summary>
    public int? ServiceCallsPerSecond { get; init; }

    /// <summary>The library's own GC heap limit in bytes (NativeAOT libraries only).</summary>
    public long? HeapBytes { get; init; }
}
