namespace EdgeGw.Pipeline.Match;

/// <summary>All routes of an epoch: hosts first, then a trie each. Immutable once built.</summary>
/// <typeparam name="TRoute">What a match gives.</typeparam>
internal sealed class RouteTable<TRoute> where TRoute : class
{
    private readonly Dictionary<string, RouteTrie<TRoute>> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly RouteTrie<TRoute> _anyHost = new();
    private (string Suffix, RouteTrie<TRoute> Trie)[] _wildcards = [];

    /// <summary>Whether a request's host has to be looked at at all.</summary>
    public bool UsesHosts => _hosts.Count > 0 || _wildcards.Length > 0;

    /// <summary>Adds a route; false when it conflicts with one that is there.</summary>
    public bool TryAdd(string host, string method, RoutePattern pattern, TRoute route) => TrieFor(host).TryAdd(method, pattern, route);

    /// <summary>The route for a request, or null. A host without a matching path falls through to the next less exact one.</summary>
    public TRoute? Find(ReadOnlySpan<char> host, string method, ReadOnlySpan<byte> path, ReadOnlySpan<SegmentRange> segments, Span<SegmentRange> parameters, out int parameterCount)
    {
        if (UsesHosts && FindByHost(host, method, path, segments, parameters, out parameterCount) is { } route)
        {
            return route;
        }
        return _anyHost.Find(method, path, segments, parameters, out parameterCount);
    }

    /// <summary>The methods that a host and path have routes for.</summary>
    public IReadOnlySet<string> MethodsOf(ReadOnlySpan<char> host, ReadOnlySpan<byte> path, ReadOnlySpan<SegmentRange> segments)
    {
        var methods = new SortedSet<string>(StringComparer.Ordinal);
        if (_hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var exact))
        {
            exact.CollectMethods(path, segments, methods);
        }
        foreach (var (suffix, trie) in _wildcards)
        {
            if (IsBelow(host, suffix))
            {
                trie.CollectMethods(path, segments, methods);
            }
        }
        _anyHost.CollectMethods(path, segments, methods);
        return methods;
    }

    private TRoute? FindByHost(ReadOnlySpan<char> host, string method, ReadOnlySpan<byte> path, ReadOnlySpan<SegmentRange> segments, Span<SegmentRange> parameters, out int parameterCount)
    {
        if (_hosts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var exact) && exact.Find(method, path, segments, parameters, out parameterCount) is { } route)
        {
            return route;
        }
        foreach (var (suffix, trie) in _wildcards)
        {
            if (IsBelow(host, suffix) && trie.Find(method, path, segments, parameters, out parameterCount) is { } below)
            {
                return below;
            }
        }
        parameterCount = 0;
        return null;
    }

    // "*.example.com" is kept as ".example.com"; at least one label must stand before it.
    private static bool IsBelow(ReadOnlySpan<char> host, string suffix) => host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    private RouteTrie<TRoute> TrieFor(string host)
    {
        if (host == "*")
        {
            return _anyHost;
        }
        if (!host.StartsWith("*.", StringComparison.Ordinal))
        {
            if (!_hosts.TryGetValue(host, out var trie))
            {
                _hosts.Add(host, trie = new RouteTrie<TRoute>());
            }
            return trie;
        }
        var suffix = host[1..];
        var known = Array.FindIndex(_wildcards, w => string.Equals(w.Suffix, suffix, StringComparison.OrdinalIgnoreCase));
        if (known >= 0)
        {
            return _wildcards[known].Trie;
        }
        var added = new RouteTrie<TRoute>();
        // The longest suffix is the most exact one and is tried first.
        _wildcards = [.. _wildcards.Append((suffix, added)).OrderByDescending(w => w.Item1.Length)];
        return added;
    }
}
