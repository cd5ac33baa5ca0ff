namespace EdgeGw.Pipeline.Match;

/// <summary>The routes that end at one node of the trie, by method.</summary>
/// <typeparam name="TRoute">What a match gives.</typeparam>
internal sealed class MethodTable<TRoute> where TRoute : class
{
    private readonly List<(string Method, TRoute Route)> _exact = [];
    private TRoute? _any;

    /// <summary>The methods that have a route here, <c>*</c> left out.</summary>
    public IEnumerable<string> Methods => _exact.Select(e => e.Method);

    /// <summary>Adds a route; false when the method has one already.</summary>
    public bool TryAdd(string method, TRoute route)
    {
        if (method == "*")
        {
            if (_any is not null)
            {
                return false;
            }
            _any = route;
            return true;
        }
        if (_exact.Exists(e => e.Method == method))
        {
            return false;
        }
        _exact.Add((method, route));
        return true;
    }

    /// <summary>The route for a method; GET stands in for HEAD.</summary>
    public TRoute? Find(string method)
    {
        // A handful of entries: a scan beats a hash, and Kestrel hands out one string object per known method, so that the comparison is one of references.
        foreach (var (name, route) in _exact)
        {
            if (ReferenceEquals(name, method) || string.Equals(name, method, StringComparison.Ordinal))
            {
                return route;
            }
        }
        return method == "HEAD" ? FindGet() ?? _any : _any;
    }

    private TRoute? FindGet()
    {
        foreach (var (name, route) in _exact)
        {
            if (name == "GET")
            {
                return route;
            }
        }
        return null;
    }
}
