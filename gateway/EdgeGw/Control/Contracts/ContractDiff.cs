using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Contracts;

/// <summary>Compares two deployments of one handler as its callers see them: with prefix, host and limits as they hold. A route that is gone is missed only when no other route of the handler answers the same requests.</summary>
internal sealed class ContractDiff
{
    private readonly LimitSettings _limits;
    private readonly List<ContractChange> _changes = [];

    private ContractDiff(LimitSettings limits) => _limits = limits;

    /// <summary>Every difference, those that break something first.</summary>
    internal static IReadOnlyList<ContractChange> Compare(EpochHandler before, EpochHandler after, LimitSettings limits)
    {
        var diff = new ContractDiff(limits);
        diff.Routes(Served(before), Served(after));
        diff.Services(before, after);
        return [.. diff._changes.OrderByDescending(change => change.Breaking)];
    }

    private static List<ServedRoute> Served(EpochHandler handler) => [.. handler.Manifest.Routes.Select(route => ServedRoute.From(handler, route)).OfType<ServedRoute>()];

    private void Routes(List<ServedRoute> before, List<ServedRoute> after)
    {
        var known = before.ToDictionary(route => route.Key);
        var kept = after.ToDictionary(route => route.Key);
        foreach (var route in before)
        {
            if (kept.TryGetValue(route.Key, out var same))
            {
                if (same.Pattern.Text != route.Pattern.Text)
                {
                    Add("changed", route, $"is written {same.Pattern.Text} now", breaking: false);
                }
                Limits(route, same);
            }
            else if (after.FirstOrDefault(other => other.Covers(route)) is { } wider)
            {
                Add("changed", route, $"is answered by {wider} now", breaking: false);
                Limits(route, wider);
            }
            else
            {
                Add("removed", route, Missing(route, after), breaking: true);
            }
        }
        foreach (var route in after.Where(route => !known.ContainsKey(route.Key)))
        {
            Add("added", route, "", breaking: false);
        }
    }

    // What is left of a route that is gone, if it is not gone altogether: it says what its author may have meant to do.
    private static string Missing(ServedRoute route, List<ServedRoute> after)
    {
        if (after.Where(other => other.Pattern.Shape == route.Pattern.Shape && other.Host == route.Host).Select(other => other.Method).ToList() is { Count: > 0 } methods)
        {
            return $"is removed: that path answers {string.Join(", ", methods)} alone now";
        }
        return after.FirstOrDefault(other => other.Method == route.Method && route.Covers(other)) is { } narrower ? $"is removed: of its requests {narrower} answers only some" : "is removed";
    }

    private void Limits(ServedRoute before, ServedRoute after)
    {
        // A deadline of 0 is none.
        Limit(before, "the deadline", before.DeadlineMs(_limits), after.DeadlineMs(_limits), "ms", none: 0);
        Limit(before, "the largest body", before.MaxBodyBytes(_limits), after.MaxBodyBytes(_limits), "bytes", none: -1);
        Limit(before, "the concurrency", before.Concurrency(_limits), after.Concurrency(_limits), "", none: -1);
    }

    private void Limit(ServedRoute route, string what, long before, long after, string unit, long none)
    {
        if (before != after)
        {
            var lowered = after != none && (before == none || after < before);
            Add("changed", route, $"has {what} {(lowered ? "lowered" : "raised")} from {Text(before)} to {Text(after)}", lowered);
        }

        string Text(long value) => value == none ? "none" : string.Create(CultureInfo.InvariantCulture, $"{value} {unit}").TrimEnd();
    }

    private void Services(EpochHandler before, EpochHandler after)
    {
        foreach (var service in after.Manifest.Services.Except(before.Manifest.Services))
        {
            _changes.Add(new ContractChange("added", service, "is needed now and was not before", Breaking: true));
        }
        foreach (var service in before.Manifest.Services.Except(after.Manifest.Services))
        {
            _changes.Add(new ContractChange("removed", service, "is needed no more", Breaking: false));
        }
    }

    private void Add(string kind, ServedRoute route, string detail, bool breaking) => _changes.Add(new ContractChange(kind, route.ToString(), detail, breaking));
}
