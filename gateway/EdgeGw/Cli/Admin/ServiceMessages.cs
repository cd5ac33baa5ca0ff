using System.Text.Json.Serialization;

namespace EdgeGw.Cli.Admin;

/// <summary>What <c>GET /api/v1/services</c> answers.</summary>
internal sealed record ServicesReply
{
    public IReadOnlyList<ServiceReply> Services { get; set; } = [];
}

/// <summary>A service; in the history, its name and provider alone.</summary>
internal sealed record ServiceReply
{
    public string Kind { get; set; } = "";
    public string Name { get; set; } = "";
    public string Provider { get; set; } = "";
    public bool Enabled { get; set; } = true;
    public bool BuiltIn { get; set; }
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Defaults { get; set; } = new Dictionary<string, string>();
    public int PoolSize { get; set; }
    public int QueueLength { get; set; }
    public int TimeoutMs { get; set; }
    public IReadOnlyList<ServiceUseReply> Handlers { get; set; } = [];
    public ServiceHealthReply? Health { get; set; }

    /// <summary><c>kind:name</c>.</summary>
    [JsonIgnore]
    public string Id => $"{Kind}:{Name}";
}

/// <summary>A handler that uses a service, and by which name its manifest calls it.</summary>
internal sealed record ServiceUseReply
{
    public string Handler { get; set; } = "";
    public string As { get; set; } = "";
}

/// <summary>How a service does in the worker.</summary>
internal sealed record ServiceHealthReply
{
    public string State { get; set; } = "";
    public string? Error { get; set; }
    public long Queued { get; set; }
    public long Running { get; set; }
    public long Calls { get; set; }
    public long Errors { get; set; }
    public long Busy { get; set; }
    public long Timeouts { get; set; }
}

/// <summary>What a service is to be: the body of <c>PUT /api/v1/services/{kind}/{name}</c> and of <c>POST /api/v1/services/test</c>. Null leaves a choice to the gateway.</summary>
internal sealed record ServiceBody
{
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required string Provider { get; init; }
    public required IReadOnlyDictionary<string, string> Settings { get; init; }
    public int? PoolSize { get; init; }
    public int? QueueLength { get; init; }
    public int? TimeoutMs { get; init; }
}

/// <summary>What a trial answers.</summary>
internal sealed record ServiceTestReply
{
    public bool Ok { get; set; }
    public double Ms { get; set; }
}

/// <summary>What was migrated.</summary>
internal sealed record MigratedReply
{
    public IReadOnlyList<string> Applied { get; set; } = [];
    public int Present { get; set; }
    public double Ms { get; set; }
}
