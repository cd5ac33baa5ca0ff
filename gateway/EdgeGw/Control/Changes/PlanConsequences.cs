using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Changes;

/// <summary>What of a plan has to be meant: it is refused unless it is forced.</summary>
internal static class PlanConsequences
{
    /// <summary>One sentence for each.</summary>
    internal static IReadOnlyList<string> Of(EpochConfig? before, EpochConfig next, IReadOnlyList<EpochHandler> deployed, IReadOnlyList<PlannedChange> diff)
    {
        var sentences = new List<string>();
        foreach (var line in diff.Where(line => line.Breaking))
        {
            sentences.Add($"{line.What}: {string.Join("; ", line.Details.Where(detail => detail.EndsWith("(breaking)", StringComparison.Ordinal)))}.");
        }
        // One that stays as it is, out of service, is nobody's new will.
        foreach (var handler in deployed.Where(handler => !PlanHistory.IsDeployed(before, handler)))
        {
            if (before?.QuarantineOf(handler) is { } quarantine)
            {
                sentences.Add(quarantine.Reason);
            }
        }
        foreach (var service in BuiltInServices.With(before?.Services ?? []).Where(service => service.Enabled))
        {
            var after = BuiltInServices.With(next.Services).FirstOrDefault(known => known.Id == service.Id);
            // A built-in one may come in the place of one that goes, but with its own data.
            var isLost = after is null || !after.Enabled || (next.Services.All(known => known.Id != service.Id) && before?.Services.Any(known => known.Id == service.Id) == true);
            if (isLost && ServiceNeeds.UsersOf(service.Id, next) is { Count: > 0 } users)
            {
                sentences.Add($"service {service.Id} is in use by {string.Join(", ", users)} and would be {(after is null || after.Enabled ? "removed" : "disabled")}.");
            }
        }
        return sentences;
    }
}
