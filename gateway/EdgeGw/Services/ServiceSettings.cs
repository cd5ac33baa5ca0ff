using System.Globalization;
using EdgeGw.Epochs;

namespace EdgeGw.Services;

/// <summary>The settings of one service as its backend sees them, after references have been read: what is not given is the default of <see cref="ServiceProviders"/>.</summary>
internal readonly struct ServiceSettings(EpochService config, string stateDirectory)
{
    /// <summary>A text; empty when there is none. Throws <see cref="ServiceConfigurationException"/> for what does not fit, without repeating it: it may be a secret in the wrong place.</summary>
    public string Text(string key)
    {
        var setting = ServiceProviders.Find(config.Kind, config.Provider)?.Find(key)
            ?? throw new ArgumentException($"The provider {config.Provider} of the kind {config.Kind} has no setting '{key}'.", nameof(key));
        if (config.Settings.TryGetValue(key, out var text) && text.Length > 0)
        {
            return setting.Value.Fault(text) is { } fault ? throw new ServiceConfigurationException($"'{key}' {fault}.") : text;
        }
        return setting.Default?.Replace("{name}", config.Name, StringComparison.Ordinal) ?? throw new ServiceConfigurationException($"'{key}' must be given.");
    }

    /// <summary>A whole number that has a default or must be given.</summary>
    public long Number(string key) => long.Parse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A whole number whose default depends on others.</summary>
    public long Number(string key, long fallback) => Text(key) is { Length: > 0 } text ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : fallback;

    /// <summary>A yes or no.</summary>
    public bool Flag(string key) => Text(key) == "true";

    /// <summary>A file or folder; a relative one is below the state directory. Empty when there is none.</summary>
    public string Path(string key) => Text(key) is { Length: > 0 } path ? System.IO.Path.GetFullPath(path, stateDirectory) : "";
}
