using System.Globalization;
using EdgeGw.Interop;

namespace EdgeGw;

/// <content>Path parameters and the query.</content>
public sealed partial class Request
{
    /// <summary>A path parameter, percent-decoded.</summary>
    /// <exception cref="ArgumentException">The route's pattern has no parameter of that name.</exception>
    public string PathParam(string name) => Exchange.Text(PathParamBytes(name));

    /// <summary>The bytes of a path parameter, percent-decoded.</summary>
    /// <exception cref="ArgumentException">The route's pattern has no parameter of that name.</exception>
    public ReadOnlySpan<byte> PathParamBytes(string name) => _exchange.TryGetParameter(name, out var value)
        ? value
        : throw new ArgumentException($"The route {Route} has no parameter '{name}'.", nameof(name));

    /// <summary>A path parameter as <typeparamref name="T"/> in the invariant culture, or null when it is empty (only a catch-all can be).</summary>
    /// <exception cref="HandlerError.BadRequest">It is not a valid <typeparamref name="T"/>.</exception>
    public T? PathParamAs<T>(string name) where T : struct, ISpanParsable<T>
        => PathParamBytes(name).IsEmpty ? null : RequirePathParam<T>(name);

    /// <summary>A path parameter as <typeparamref name="T"/> in the invariant culture.</summary>
    /// <exception cref="HandlerError.BadRequest">It is not a valid <typeparamref name="T"/>.</exception>
    public T RequirePathParam<T>(string name) where T : ISpanParsable<T> => Parse<T>("path", name, PathParam(name));

    /// <summary>The query's parameters, percent-decoded ('+' is a blank), in the order sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> QueryParameters => _query ??= UrlEncoded.Parse(_exchange.Query, int.MaxValue);

    /// <summary>The first query parameter of that name (case-sensitive), or null.</summary>
    public string? Query(string name)
    {
        if (_exchange.Query.IsEmpty)
            return null;
        foreach (var (key, value) in QueryParameters)
        {
            if (key == name)
                return value;
        }
        return null;
    }

    /// <summary>All query parameters of that name, in the order sent.</summary>
    public IEnumerable<string> QueryAll(string name) => QueryParameters.Where(p => p.Key == name).Select(p => p.Value);

    /// <summary>A query parameter as <typeparamref name="T"/> in the invariant culture, or null when it is absent.</summary>
    /// <exception cref="HandlerError.BadRequest">It is there, but not a valid <typeparamref name="T"/>.</exception>
    public T? QueryAs<T>(string name) where T : struct, ISpanParsable<T> => Query(name) is { } text ? Parse<T>("query", name, text) : null;

    /// <summary>A query parameter as <typeparamref name="T"/> in the invariant culture, or <paramref name="fallback"/> when it is absent.</summary>
    /// <exception cref="HandlerError.BadRequest">It is there, but not a valid <typeparamref name="T"/>.</exception>
    public T QueryAs<T>(string name, T fallback) where T : ISpanParsable<T> => Query(name) is { } text ? Parse<T>("query", name, text) : fallback;

    /// <summary>A query parameter as <typeparamref name="T"/> in the invariant culture.</summary>
    /// <exception cref="HandlerError.BadRequest">It is absent or not a valid <typeparamref name="T"/>.</exception>
    public T RequireQuery<T>(string name) where T : ISpanParsable<T> => Query(name) is { } text
        ? Parse<T>("query", name, text)
        : throw new HandlerError.BadRequest($"The query parameter '{name}' is missing.");

    private static T Parse<T>(string where, string name, string text) where T : ISpanParsable<T>
        => T.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new HandlerError.BadRequest($"The {where} parameter '{name}' is not a valid {typeof(T).Name}.");
}
