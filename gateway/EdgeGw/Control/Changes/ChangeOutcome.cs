using EdgeGw.Control.Contracts;
using EdgeGw.Epochs;
using EdgeGw.Scouting;

namespace EdgeGw.Control.Changes;

/// <summary>A change that was made, or (not <paramref name="Changed"/>) was there already. <paramref name="Epoch"/> is the one in force, null when there is none yet.</summary>
internal sealed record ChangeOutcome(EpochConfig? Epoch, bool Changed, string Reason)
{
    /// <summary>For a deploy: what the scout found out.</summary>
    internal ScoutReport? Scout { get; init; }

    /// <summary>For a deploy over another: what is different for its callers.</summary>
    internal IReadOnlyList<ContractChange> Contract { get; init; } = [];

    /// <summary>For a change that was made: the epoch that was in force before it.</summary>
    internal EpochConfig? Before { get; init; }

    /// <summary>Its number in the log of deployments; null for one that is not kept there.</summary>
    internal long? Deployment { get; init; }

    /// <summary>For a plan: what it does, line by line.</summary>
    internal IReadOnlyList<PlannedChange> Diff { get; init; } = [];

    /// <summary>For a plan that was only looked at: why it would be refused unless it is forced.</summary>
    internal IReadOnlyList<string> Refusals { get; init; } = [];

    /// <summary>For a deploy that waited: whether the replaced version has drained.</summary>
    internal bool? Drained { get; init; }
}
