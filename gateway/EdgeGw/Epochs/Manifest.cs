namespace EdgeGw.Epochs;

/// <summary>What a library says of itself (docs/manifest.md), as read from its table. Unknown members are ignored: a newer SDK may say more.</summary>
// Members with a default have a setter, not init: the JSON source generator assigns every init member, absent ones with null.
internal sealed record Manifest
{
    /// <summary>The handler's name: letters, digits, '.', '_' and '-', at most 64. Deploys of one name replace each other.</summary>
    public required string Name { get; init; }

    /// <summary>The author's version, free text of at most 64 characters.</summary>
    public string Version { get; set; } = "0.0.0";

    /// <summary>The SDK that built it, or null for a library written against the header.</summary>
    public string? Sdk { get; init; }

    /// <summary><c>process</c> when it asks for a worker of its own, <c>shared</c> or null otherwise; a deploy may say another thing.</summary>
    public string? Isolation { get; init; }

    /// <summary>The routes, in the order of the index that handle() is given. At least one.</summary>
    public required IReadOnlyList<ManifestRoute> Routes { get; init; }

    /// <summary>The services the library needs, as <c>kind:name</c>.</summary>
    public IReadOnlyList<string> Services { get; set; } = [];

    /// <summary>Requests that it must answer as they say before it is deployed.</summary>
    public IReadOnlyList<ManifestSelfTest> SelfTest { get; set; } = [];

    /// <summary>Whether there is null inside its lists: the JSON reader looks for null in members only.</summary>
    internal bool HasHoles() => Routes.Any(route => route is null) || Services.Any(service => service is null) || SelfTest.Any(test => test is null || test.Headers.Values.Any(value => value is null));
}

/// <summary>One route of a <see cref="Manifest"/>. A limit that is null is the gateway's.</summary>
internal sealed record ManifestRoute
{
    /// <summary>An HTTP method (a token), or <c>*</c> for any.</summary>
    public required string Method { get; init; }

    /// <summary>Literals, <c>{name}</c>, <c>{name:int}</c> and a last <c>{*name}</c>: docs/routing.md.</summary>
    public required string Pattern { get; init; }

    /// <summary>A host, <c>*.example.com</c>, or <c>*</c> for any.</summary>
    public string Host { get; set; } = "*";

    /// <summary>A name for logs and metrics; the method and pattern when null.</summary>
    public string? Name { get; init; }

    /// <summary>Milliseconds until 504.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>The largest request body in bytes; a larger one is 413.</summary>
    public long? MaxBodyBytes { get; init; }

    /// <summary>Requests of this route inside the handler at once.</summary>
    public int? Concurrency { get; init; }
}
