using EdgeGw.Epochs;

namespace EdgeGw.Control.Changes;

/// <summary>What a deploy says beside the library. It says all of it: nothing is taken over from the deploy before.</summary>
internal sealed record DeploymentOptions
{
    /// <summary>The handler's name; the manifest's when null.</summary>
    internal string? Name { get; init; }

    /// <summary>The host of all its routes; the manifest's when null.</summary>
    internal string? Host { get; init; }

    /// <summary>Put before every pattern.</summary>
    internal string Prefix { get; init; } = "";

    /// <summary>How long requests of the replaced version may take, in milliseconds; the gateway's when null.</summary>
    internal int? DrainMs { get; init; }

    /// <summary>Limits that override the manifest's and the gateway's.</summary>
    internal EpochLimits Limits { get; init; } = new();

    /// <summary>The handler's own settings.</summary>
    internal IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    /// <summary>Which service it gets for one that its manifest names, each as <c>kind:name</c>; the one of that name where none is given.</summary>
    internal IReadOnlyDictionary<string, string> Services { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it runs in a worker of its own; as the manifest says when null.</summary>
    internal bool? IsIsolated { get; init; }

    /// <summary>What that worker may use.</summary>
    internal EpochIsolation Isolation { get; init; } = new();

    /// <summary>Per cent of the requests that it gets on trial, beside the version that is live; null: it takes that one's place.</summary>
    internal double? CanaryPercent { get; init; }

    /// <summary>Milliseconds after which a canary is promoted by itself; null: never.</summary>
    internal long? PromoteAfterMs { get; init; }

    /// <summary>The isolation of a library with this manifest; null for none.</summary>
    internal EpochIsolation? IsolationFor(Manifest manifest) => IsIsolated ?? (manifest.Isolation == "process" || Isolation != new EpochIsolation()) ? Isolation : null;

    /// <summary>Whether to deploy a handler that breaks what the one in its place promised, or that is quarantined.</summary>
    internal bool Force { get; init; }

    /// <summary>Whether to stop short of the change: everything is looked at, nothing is kept.</summary>
    internal bool DryRun { get; init; }

    /// <summary>Where the library comes from, for the catalog; null for one that was sent.</summary>
    internal LibraryOrigin? Origin { get; init; }

    /// <summary>Whether to answer only when the replaced version has drained.</summary>
    internal bool Wait { get; init; }
}
