using EdgeGw.Epochs;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Control.Epochs;

/// <summary>Says everything that is wrong with an epoch, so that its author mends it in one go.</summary>
internal static class EpochValidator
{
    private const int MaxRoutes = 10_000;
    private const int MaxVersionLength = 64;

    // Past this many, more reasons help nobody.
    private const int MaxReasons = 100;

    /// <summary>One sentence for each fault; none when the epoch is valid.</summary>
    /// <param name="epoch">The epoch to be.</param>
    /// <param name="before">The one that it follows. A handler that stays as it is there is not asked again whether it gets its services: taking one away by force would otherwise
    /// stand in the way of every later change.</param>
    internal static IReadOnlyList<string> Validate(EpochConfig epoch, EpochConfig? before)
    {
        var reasons = new List<string>();
        var routes = new Dictionary<(string Host, string Method, string Shape), (string Handler, string Pattern)>();
        foreach (var group in epoch.Handlers.GroupBy(h => h.Name).Where(g => g.Count() > 1))
        {
            reasons.Add($"The handler '{group.Key}' is named {group.Count()} times.");
        }
        ServiceRules.Check(epoch.Services, reasons);
        foreach (var handler in epoch.Handlers)
        {
            Handler(handler, reasons);
            // What is restored whole was in force already, services included.
            if (epoch.Restores is null && before?.Handlers.Any(known => EpochRules.SameDeployment(known, handler)) != true)
            {
                ServiceNeeds.Check(handler, epoch.Services, reasons);
            }
            foreach (var route in handler.Manifest.Routes)
            {
                Route(handler, route, routes, reasons);
            }
        }
        foreach (var canary in epoch.Canaries)
        {
            // Its routes are looked at when it is as if it were promoted (EpochChanges).
            Handler(canary.Handler, reasons);
            if (before?.Canaries.Any(known => EpochRules.SameDeployment(known.Handler, canary.Handler)) != true)
            {
                ServiceNeeds.Check(canary.Handler, epoch.Services, reasons);
            }
        }
        return reasons.Count <= MaxReasons ? reasons : [.. reasons.Take(MaxReasons), $"{reasons.Count - MaxReasons} more reasons are left out."];
    }

    private static void Handler(EpochHandler handler, List<string> reasons)
    {
        var name = handler.Name;
        if (!EpochRules.IsName(name))
        {
            reasons.Add($"'{name}' is not a handler's name: 1 to {EpochRules.MaxNameLength} letters, digits, '.', '_' or '-'.");
        }
        if (handler.Version.Length > MaxVersionLength)
        {
            reasons.Add($"{name}: its version has {handler.Version.Length} characters; {MaxVersionLength} are allowed.");
        }
        if (handler.Manifest.Routes.Count is 0 or > MaxRoutes)
        {
            reasons.Add($"{name}: its manifest has {handler.Manifest.Routes.Count} routes; 1 to {MaxRoutes} are allowed.");
        }
        if (handler.Host is { } host && !EpochRules.IsHost(host))
        {
            reasons.Add($"{name}: '{host}' is not a host: use api.example.com, *.example.com or *, without a port.");
        }
        if (handler.Prefix.Length > 0 && (!handler.Prefix.StartsWith('/') || handler.Prefix.EndsWith('/') || handler.Prefix.Contains('{', StringComparison.Ordinal)))
        {
            reasons.Add($"{name}: the prefix '{handler.Prefix}' must begin with '/', not end with one, and hold no parameters: /v1.");
        }
        Least(name, "drainMs", handler.DrainMs, 0, reasons);
        Limits(name, handler.Limits.DeadlineMs, handler.Limits.MaxBodyBytes, handler.Limits.Concurrency, reasons);
        Least(name, "heapBytes", handler.Limits.HeapBytes, 1, reasons);
        Least(name, "hardDeadlineMs", handler.Limits.HardDeadlineMs, 0, reasons);
        Least(name, "totalConcurrency", handler.Limits.TotalConcurrency, 1, reasons);
        Least(name, "serviceCallsPerSecond", handler.Limits.ServiceCallsPerSecond, 1, reasons);
    }

    private static void Route(
        EpochHandler handler, ManifestRoute route, Dictionary<(string Host, string Method, string Shape), (string Handler, string Pattern)> routes, List<string> reasons)
    {
        var pattern = handler.Prefix + route.Pattern;
        var where = $"{handler.Name}: {route.Method} {pattern}";
        var host = (handler.Host ?? route.Host).ToLowerInvariant();
        if (!EpochRules.IsMethod(route.Method))
        {
            reasons.Add($"{where}: '{route.Method}' is not a method: use a token such as GET, or * for any.");
        }
        if (handler.Host is null && !EpochRules.IsHost(host))
        {
            reasons.Add($"{where}: '{route.Host}' is not a host: use api.example.com, *.example.com or *, without a port.");
        }
        Limits(where, route.DeadlineMs, route.MaxBodyBytes, route.Concurrency, reasons);
        if (!RoutePattern.TryParse(pattern, out var parsed, out var error))
        {
            reasons.Add($"{where}: {error}");
        }
        else if (!routes.TryAdd((host, route.Method, parsed!.Shape), (handler.Name, pattern)))
        {
            var other = routes[(host, route.Method, parsed.Shape)];
            var at = host == "*" ? "" : $" on {host}";
            reasons.Add(other.Handler == handler.Name
                ? $"{handler.Name} declares both {route.Method} {other.Pattern} and {route.Method} {pattern}{at}: the same requests match both."
                : $"{route.Method} {pattern}{at} of '{handler.Name}' conflicts with {route.Method} {other.Pattern} of '{other.Handler}': remove one, or give one another prefix or host.");
        }
    }

    private static void Limits(string where, int? deadlineMs, long? maxBodyBytes, int? concurrency, List<string> reasons)
    {
        Least(where, "deadlineMs", deadlineMs, 0, reasons);
        Least(where, "maxBodyBytes", maxBodyBytes, 0, reasons);
        Least(where, "concurrency", concurrency, 1, reasons);
    }

    private static void Least(string where, string what, long? value, long least, List<string> reasons)
    {
        if (value < least)
        {
            reasons.Add($"{where}: {what} is {value}; it must be at least {least}.");
        }
    }
}
