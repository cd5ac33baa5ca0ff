using System.Globalization;
using EdgeGw.Epochs;
using EdgeGw.Services.Cache;
using EdgeGw.Services.Database.Sqlite;

namespace EdgeGw.Services;

/// <summary>Makes backends from configurations. A new kind of service, or a new backend of one, is one folder and one line here.</summary>
internal static class ServiceBackends
{
    /// <summary>Makes one; it does not connect yet. Throws <see cref="ServiceConfigurationException"/>.</summary>
    /// <param name="config">What it is made from.</param>
    /// <param name="stateDirectory">Where embedded backends keep their data.</param>
    /// <param name="time">The clock.</param>
    public static IServiceBackend Create(EpochService config, string stateDirectory, TimeProvider time) => (config.Kind, config.Provider) switch
    {
        (ServiceKinds.Cache, "memory") => MemoryCacheBackend.Create(config, time),
        (ServiceKinds.Database, "sqlite") => SqliteBackend.Create(config, stateDirectory),
        _ => throw new ServiceConfigurationException($"this gateway has no provider '{config.Provider}' of the kind {config.Kind}."),
    };
}

/// <summary>Reads the settings of a service.</summary>
internal static class ServiceSettings
{
    /// <summary>A setting's text, or null when it is not set. The one place where a value is taken: references to secrets are resolved here.</summary>
    public static string? Text(EpochService config, string key) => config.Settings.GetValueOrDefault(key);

    /// <summary>One of a few words.</summary>
    public static string Choice(EpochService config, string key, params ReadOnlySpan<string> choices)
    {
        var text = Text(config, key) ?? choices[0];
        return choices.Contains(text) ? text : throw new ServiceConfigurationException($"'{key}' must be one of {string.Join(", ", choices.ToArray())}, not '{text}'.");
    }

    /// <summary>A number within bounds.</summary>
    public static long Number(EpochService config, string key, long fallback, long least, long most)
    {
        if (Text(config, key) is not { } text)
        {
            return fallback;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ServiceConfigurationException($"'{key}' must be a number from {least} to {most}, not '{text}'.");
    }
}
