using EdgeGw.Control.Artifacts;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Changes;

/// <summary>A change of many handlers and services at once: one epoch, or nothing. What it does not name stays as it is, unless it prunes.</summary>
internal sealed record ChangePlan
{
    /// <summary>What is applied, for sentences: <c>shop</c>.</summary>
    internal required string Name { get; init; }

    /// <summary>Handlers to deploy, each with all that its deploy says.</summary>
    internal IReadOnlyList<PlannedHandler> Deploy { get; init; } = [];

    /// <summary>Handlers to take away; one that is not there is away already.</summary>
    internal IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>Services to add or change, each with all of its configuration.</summary>
    internal IReadOnlyList<EpochService> Services { get; init; } = [];

    /// <summary>Services to take away; one that is not there is away already.</summary>
    internal IReadOnlyList<ServiceId> RemoveServices { get; init; } = [];

    /// <summary>Whether handlers and services that it does not name are taken away.</summary>
    internal bool Prune { get; init; }

    /// <summary>Whether to go on although callers are let down, a version is quarantined, or a service that handlers use goes away.</summary>
    internal bool Force { get; init; }

    /// <summary>Whether to stop short of the change: everything is looked at, nothing is kept.</summary>
    internal bool DryRun { get; init; }

    /// <summary>What is written with the change, in its turn: called once when nothing stands against it any more, before the epoch is made. It throws to refuse, and gives what takes it back, for an epoch that
    /// cannot be made after all; that one does not throw.</summary>
    internal Func<Action>? Along { get; init; }
}

/// <summary>A handler of a <see cref="ChangePlan"/>, which owns neither.</summary>
/// <param name="Options">What its deploy says; its name must be given. Of the flags, none is looked at.</param>
/// <param name="Library">The library; null: the one that is deployed under that name.</param>
internal sealed record PlannedHandler(DeploymentOptions Options, ArtifactUpload? Library);
