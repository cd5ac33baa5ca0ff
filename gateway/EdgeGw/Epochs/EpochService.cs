namespace EdgeGw.Epochs;

/// <summary>One service of an epoch: what handlers know by kind and name, and the backend behind it. Secrets are references, never values (docs/services.md).</summary>
internal sealed record EpochService
{
    /// <summary><c>database</c>, <c>cache</c>, <c>storage</c> or <c>http</c>. A known kind is the string of <see cref="ServiceKinds"/> itself, wherever it was read from: the worker compares
    /// kinds by reference.</summary>
    public required string Kind { get; init => field = ServiceProviders.Kinds.FirstOrDefault(known => known == value) ?? value; }

    /// <summary>Its name: letters, digits, '.', '_' and '-', at most 64; unique within the kind.</summary>
    public required string Name { get; init; }

    /// <summary>The backend: <c>sqlite</c> or <c>postgres</c>, <c>memory</c> or <c>redis</c>, <c>directory</c> or <c>s3</c>, <c>client</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The backend's own settings; a value of the form <c>secret:name</c>, <c>env:NAME</c>, <c>file:/path</c> or <c>credential:name</c> is read when the service starts.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    /// <summary>Calls at work at once: connections of a database, parallel operations of the others.</summary>
    public int PoolSize { get; set; } = ServiceProvider.FewAtOnce;

    /// <summary>Calls that may wait; the next one is answered "busy".</summary>
    public int QueueLength { get; set; } = 1024;

    /// <summary>Milliseconds for one call, waiting included.</summary>
    public int TimeoutMs { get; set; } = 10_000;

    /// <summary>Whether it may be used: calls of a disabled one are answered "unavailable".</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What names it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ServiceId Id => new(Kind, Name);

    /// <summary>Kind and name, as manifests and people write it: <c>database:main</c>.</summary>
    public override string ToString() => $"{Kind}:{Name}";
}
