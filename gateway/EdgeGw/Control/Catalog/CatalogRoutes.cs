using EdgeGw.Pipeline.Match;

namespace EdgeGw.Control.Catalog;

/// <summary>Which requests the catalog's endpoints are for: no two may be for the same.</summary>
internal static class CatalogRoutes
{
    /// <summary>An endpoint's place: what it answers to.</summary>
    internal sealed record Place(string Endpoint, string Collection, string Name, string Host, string Method, string Pattern)
    {
        /// <summary>Equal for places that match the same requests; null when the pattern is none.</summary>
        internal (string Host, string Method, string Shape)? Key => RoutePattern.TryParse(Pattern, out var parsed, out _) ? (Host, Method, parsed!.Shape) : null;
    }

    /// <summary>Adds a sentence for each of some places that others have already.</summary>
    internal static void Check(IEnumerable<Place> changed, IEnumerable<Place> others, List<string> reasons)
    {
        var taken = new Dictionary<(string, string, string), Place>();
        foreach (var place in others)
        {
            if (place.Key is { } key)
            {
                taken.TryAdd(key, place);
            }
        }
        foreach (var place in changed)
        {
            if (place.Key is { } key && !taken.TryAdd(key, place))
            {
                var at = place.Host == "*" ? "" : $" on {place.Host}";
                reasons.Add($"{place.Method} {place.Pattern}{at} of '{place.Name}' is what '{taken[key].Name}' answers already ({taken[key].Pattern}): give one of them another path, method or host.");
            }
        }
    }
}
