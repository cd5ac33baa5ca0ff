using EdgeGw.Control.Changes;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>Makes the next epoch of a plan. Pure: nothing is written here.</summary>
internal static class PlanHistory
{
    private const int MaxReason = 300;

    /// <summary>The current content with all that a plan says.</summary>
    /// <param name="store">The epochs.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="deployed">The handlers to deploy, each name once.</param>
    /// <param name="now">When.</param>
    internal static EpochConfig Next(EpochStore store, ChangePlan plan, IReadOnlyList<EpochHandler> deployed, DateTimeOffset now)
    {
        var current = store.Current;
        var named = deployed.Select(handler => handler.Name).Concat(plan.Remove).ToHashSet(StringComparer.Ordinal);
        var configured = plan.Services.Select(service => service.Id).Concat(plan.RemoveServices).ToHashSet();
        var next = new EpochConfig
        {
            Number = store.NextNumber,
            Parent = current?.Number ?? 0,
            Created = now,
            Action = "apply",
            Reason = $"apply {plan.Name}",
            Handlers = [.. Kept(current?.Handlers, handler => named.Contains(handler.Name)).Concat(deployed).OrderBy(handler => handler.Name, StringComparer.Ordinal)],
            Services = [.. Kept(current?.Services, service => configured.Contains(service.Id)).Concat(plan.Services).OrderBy(service => service.ToString(), StringComparer.Ordinal)],
        };
        return next with
        {
            Reason = Reason(plan, current, next),
            // Other bytes are another version, and who deploys the same by force wants them.
            // A trial beside another version than the one that it was begun beside says nothing.
            Canaries = [.. (current?.Canaries ?? []).Where(canary => next.Handlers.Any(handler => handler.Name == canary.Handler.Name && IsDeployed(current, handler)))],
            Quarantine = [.. (current?.Quarantine ?? []).Where(entry => !deployed.Any(handler => handler.Name == entry.Name && (plan.Force || !IsDeployed(current, handler))))],
        };

        IEnumerable<T> Kept<T>(IReadOnlyList<T>? items, Func<T, bool> isNamed) => plan.Prune ? [] : (items ?? []).Where(item => !isNamed(item));
    }

    /// <summary>Whether a handler is deployed just so.</summary>
    internal static bool IsDeployed(EpochConfig? epoch, EpochHandler handler) => epoch?.Handlers.Any(known => EpochRules.SameDeployment(known, handler)) == true;

    // "apply shop: deploy a 1.0.0, b 2.0.0; undeploy c; change database:main"
    private static string Reason(ChangePlan plan, EpochConfig? before, EpochConfig next)
    {
        var parts = new List<string>();
        Part("deploy", next.Handlers.Where(handler => !IsDeployed(before, handler)).Select(handler => $"{handler.Name} {handler.Version}"));
        Part("undeploy", (before?.Handlers ?? []).Where(handler => next.Handlers.All(other => other.Name != handler.Name)).Select(handler => handler.Name));
        Part("configure", next.Services.Where(service => before?.Services.Any(known => EpochRules.SameService(known, service)) != true).Select(service => service.ToString()));
        Part("remove", (before?.Services ?? []).Where(service => next.Services.All(other => other.Id != service.Id)).Select(service => service.ToString()));
        var text = parts.Count == 0 ? $"apply {plan.Name}" : $"apply {plan.Name}: {string.Join("; ", parts)}";
        return text.Length <= MaxReason ? text : text[..(MaxReason - 1)] + "…";

        void Part(string verb, IEnumerable<string> what)
        {
            if (string.Join(", ", what) is { Length: > 0 } list)
            {
                parts.Add($"{verb} {list}");
            }
        }
    }
}
