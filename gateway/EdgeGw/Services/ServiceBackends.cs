using System.Globalization;
using EdgeGw.Epochs;
using EdgeGw.Services.Cache;
using EdgeGw.Services.Storage.Directory;

namespace EdgeGw.Services;

/// <summary>Makes backends from configurations. A new kind of service, or a new backend of one, is one folder and one line here.</summary>
internal static class ServiceBackends
{
    /// <summary>Makes one after its references have been read; it does not connect yet. Throws <see cref="ServiceConfigurationException"/>.</summary>
    /// <param name="config">What it is made from.</param>
    /// <param name="stateDirectory">Where embedded backends keep their data.</param>
    /// <param name="time">The clock.</param>
    public static IServiceBackend Create(EpochService config, string stateDirectory, TimeProvider time) => (config.Kind, config.Provider) switch
    {
        (ServiceKinds.Cache, "memory") => MemoryCacheBackend.Create(config, time),
        (ServiceKinds.Storage, "directory") => DirectoryStorage.Create(config, stateDirectory, time),
        _ => throw new ServiceConfigurationException($"this gateway has no provider '{config.Provider}' of the kind {config.Kind}."),
    };
}

/// <summary>Reads the settings of a service, whose references have been read already.</summary>
internal static class ServiceSettings
{
    /// <summary>A text; empty is the same as none.</summary>
    public static string Text(EpochService config, string key, string fallback) => config.Settings.TryGetValue(key, out var text) && text.Length > 0 ? text : fallback;

    /// <summary>A number within bounds.</summary>
    public static long Number(EpochService config, string key, long fallback, long least, long most)
    {
        if (Text(config, key, "") is var text && text.Length == 0)
        {
            return fallback;
        }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ServiceConfigurationException($"'{key}' must be a number from {least} to {most}, not '{text}'.");
    }
}
