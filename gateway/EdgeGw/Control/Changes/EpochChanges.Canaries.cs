using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Changes;

/// <content>What becomes of a canary.</content>
internal sealed partial class EpochChanges
{
    /// <summary>Puts a handler's canary in the place of its live version. <paramref name="why"/> is part of the reason, empty when somebody asked for it; of <paramref name="trial"/> only, when given.</summary>
    internal Task<ChangeOutcome> PromoteAsync(string name, string why, EpochCanary? trial, CancellationToken cancellation) =>
        ChangeAsync("promote", () => IsOver(name, trial) ? null : CanaryHistory.Promote(epochs, name, why, clock.GetUtcNow()), cancellation, "the canary is over already");

    /// <summary>Ends a handler's canary.</summary>
    internal Task<ChangeOutcome> AbortAsync(string name, string why, EpochCanary? trial, CancellationToken cancellation) =>
        ChangeAsync("abort", () => IsOver(name, trial) ? null : CanaryHistory.Abort(epochs, name, why, clock.GetUtcNow()), cancellation, "the canary is over already");

    // Whoever has judged a trial means that one, not the next.
    private bool IsOver(string name, EpochCanary? trial) =>
        trial is not null && epochs.Current?.Canaries.Any(canary => canary.Handler.Name == name && canary.Since == trial.Since) != true;
}
