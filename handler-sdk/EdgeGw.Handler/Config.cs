using System.Globalization;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>The settings given to this handler at deploy time (<c>edgegw deploy --set key=value</c>). Keys are case-insensitive. Any thread.</summary>
public sealed class Config
{
    private readonly LibraryInstance _library;

    internal Config(LibraryInstance library) => _library = library;

    /// <summary>The value of <paramref name="key"/>, or null when it is not set.</summary>
    public string? this[string key] => _library.ReadConfig(key);

    /// <summary>The value of <paramref name="key"/>.</summary>
    /// <exception cref="InvalidOperationException">It is not set.</exception>
    public string Require(string key) => this[key]
        ?? throw new InvalidOperationException($"The setting '{key}' is missing. Give it at deploy time: --set {key}=VALUE.");

    /// <summary>The value of <paramref name="key"/> as <typeparamref name="T"/> in the invariant culture, or <paramref name="fallback"/> when it is not set.</summary>
    /// <exception cref="InvalidOperationException">It is set to something else.</exception>
    public T Get<T>(string key, T fallback) where T : ISpanParsable<T>
    {
        if (this[key] is not { } text)
            return fallback;
        return T.TryParse(text, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidOperationException($"The setting '{key}' is '{text}', which is not a valid {typeof(T).Name}.");
    }
}
