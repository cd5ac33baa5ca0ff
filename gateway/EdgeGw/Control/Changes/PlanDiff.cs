using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Contracts;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Changes;

/// <summary>What a plan makes different, for people. Values of settings are not shown: one of them may be a secret in the wrong place.</summary>
internal static class PlanDiff
{
    /// <summary>A line for each handler and service that the plan names, or that goes away: handlers first, each by name.</summary>
    internal static IReadOnlyList<PlannedChange> Compare(EpochConfig? before, EpochConfig next, ChangePlan plan, LimitSettings limits)
    {
        var named = plan.Deploy.Select(planned => planned.Options.Name!).ToHashSet(StringComparer.Ordinal);
        var configured = plan.Services.Select(service => service.Id).ToHashSet();
        return
        [
            .. Lines(before?.Handlers ?? [], next.Handlers, handler => handler.Name, named, name => "handler " + name, (was, now) => Handler(before!, next, was, now, limits)),
            .. Lines(before?.Services ?? [], next.Services, service => service.Id, configured, id => $"service {id}", Service),
        ];
    }

    private static IEnumerable<PlannedChange> Lines<T, TKey>(
        IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, TKey> key, HashSet<TKey> named, Func<TKey, string> what, Func<T, T, (List<string> Details, bool Breaking)> compare)
        where T : class where TKey : notnull
    {
        var keys = before.Concat(after).Select(key).Distinct().OrderBy(what, StringComparer.Ordinal);
        foreach (var one in keys)
        {
            var was = before.FirstOrDefault(item => key(item).Equals(one));
            var now = after.FirstOrDefault(item => key(item).Equals(one));
            if (was is null)
            {
                yield return new PlannedChange(PlannedChange.Added, what(one), [], Breaking: false);
            }
            else if (now is null)
            {
                yield return new PlannedChange(PlannedChange.Removed, what(one), [], Breaking: false);
            }
            else if (named.Contains(one))
            {
                var (details, breaking) = compare(was, now);
                yield return new PlannedChange(details.Count == 0 ? PlannedChange.Unchanged : PlannedChange.Changed, what(one), details, breaking);
            }
        }
    }

    private static (List<string> Details, bool Breaking) Handler(EpochConfig before, EpochConfig next, EpochHandler was, EpochHandler now, LimitSettings limits)
    {
        var details = new List<string>();
        if (was.Version != now.Version)
        {
            details.Add($"version {was.Version} → {now.Version}");
        }
        else if (was.Sha256 != now.Sha256)
        {
            details.Add($"library {was.Sha256[..8]} → {now.Sha256[..8]} (version {now.Version})");
        }
        Difference(details, "host", was.Host, now.Host);
        Difference(details, "prefix", was.Prefix, now.Prefix);
        Value("drainMs", was.DrainMs, now.DrainMs);
        Value("deadlineMs", was.Limits.DeadlineMs, now.Limits.DeadlineMs);
        Value("hardDeadlineMs", was.Limits.HardDeadlineMs, now.Limits.HardDeadlineMs);
        Value("concurrency", was.Limits.Concurrency, now.Limits.Concurrency);
        Value("totalConcurrency", was.Limits.TotalConcurrency, now.Limits.TotalConcurrency);
        Value("serviceCallsPerSecond", was.Limits.ServiceCallsPerSecond, now.Limits.ServiceCallsPerSecond);
        Value("maxBodyBytes", was.Limits.MaxBodyBytes, now.Limits.MaxBodyBytes);
        Value("heapBytes", was.Limits.HeapBytes, now.Limits.HeapBytes);
        details.AddRange(Pairs("setting", was.Config, now.Config));
        details.AddRange(Pairs("binding of", was.Services, now.Services));
        var contract = ContractDiff.Compare(was, now, limits);
        details.AddRange(contract.Select(change => change.ToString().TrimEnd('.') + (change.Breaking ? " (breaking)" : "")));
        if (before.QuarantineOf(was) is not null && was.Sha256 == now.Sha256 && next.QuarantineOf(now) is null)
        {
            details.Add("is let out of quarantine");
        }
        return (details, contract.Any(change => change.Breaking));

        void Value(string name, IFormattable? a, IFormattable? b) => Difference(details, name, a?.ToString(null, CultureInfo.InvariantCulture), b?.ToString(null, CultureInfo.InvariantCulture));
    }

    private static (List<string> Details, bool Breaking) Service(EpochService was, EpochService now)
    {
        var details = new List<string>();
        Difference(details, "provider", was.Provider, now.Provider);
        Difference(details, "enabled", was.Enabled ? "yes" : "no", now.Enabled ? "yes" : "no");
        Number("poolSize", was.PoolSize, now.PoolSize);
        Number("queueLength", was.QueueLength, now.QueueLength);
        Number("timeoutMs", was.TimeoutMs, now.TimeoutMs);
        details.AddRange(Pairs("setting", was.Settings, now.Settings));
        return (details, false);

        void Number(string name, int a, int b) => Difference(details, name, a.ToString(CultureInfo.InvariantCulture), b.ToString(CultureInfo.InvariantCulture));
    }

    private static void Difference(List<string> details, string name, string? was, string? now)
    {
        if (was != now)
        {
            details.Add($"{name} {Shown(was)} → {Shown(now)}");
        }
    }

    private static string Shown(string? value) => string.IsNullOrEmpty(value) ? "none" : value;

    private static IEnumerable<string> Pairs(string what, IReadOnlyDictionary<string, string> was, IReadOnlyDictionary<string, string> now)
    {
        foreach (var key in was.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (before, after) = (was.GetValueOrDefault(key), now.GetValueOrDefault(key));
            if (before != after)
            {
                yield return $"{what} '{key}' is {(before is null ? "added" : after is null ? "removed" : "changed")}";
            }
        }
    }
}
