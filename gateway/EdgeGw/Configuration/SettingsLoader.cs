using Microsoft.Extensions.Configuration;

namespace EdgeGw.Configuration;

/// <summary>What was loaded.</summary>
/// <param name="Settings">The settings in force; defaults where nothing or something wrong was given.</param>
/// <param name="Errors">One sentence for everything that is wrong. Empty: all is well.</param>
/// <param name="Origins">Where each key that is not a default was given.</param>
internal sealed record LoadedSettings(GatewaySettings Settings, IReadOnlyList<string> Errors, IReadOnlyDictionary<string, string> Origins);

/// <summary>Binds sources to settings. A later source wins over an earlier one; a list replaces the whole list.</summary>
internal static class SettingsLoader
{
    /// <summary>Reads the sources, weakest first, and collects everything that is wrong.</summary>
    /// <param name="sources">File, environment, switches.</param>
    /// <param name="errors">What was wrong before (an unreadable file); the result has these first.</param>
    public static LoadedSettings Load(IEnumerable<SettingSource> sources, IEnumerable<string> errors)
    {
        var settings = new GatewaySettings();
        var all = errors.ToList();
        var origins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in sources)
            Apply(source, settings, all, origins);
        CheckTogether(settings, all);
        return new(settings, all, origins);
    }

    private static void Apply(SettingSource source, GatewaySettings settings, List<string> errors, Dictionary<string, string> origins)
    {
        var given = new Dictionary<Setting, List<(string Key, string Value)>>();
        foreach (var (key, value) in source.Entries())
        {
            if (Find(key) is { } setting)
            {
                if (!given.TryGetValue(setting, out var values))
                    given[setting] = values = [];
                if (value is not null)
                    values.Add((key, value));
            }
            else if (IsSection(key))
            {
                if (!string.IsNullOrEmpty(value))
                    errors.Add($"{source.Describe(key)}: {key} is a group of settings, such as {SettingTable.All.First(s => IsBelow(s.Key, key)).Key}, and takes no value itself");
            }
            else
            {
                errors.Add($"{source.Describe(key)}: there is no setting {key}; did you mean {NearestKey.Find(key, SettingTable.All.Select(s => s.Key))}?");
            }
        }

        foreach (var (setting, values) in given)
        {
            // A null in a file is the same as not writing the key: the weaker source's value, or the default.
            if (values.Count == 0)
                continue;
            var where = source.Describe(values[0].Key);
            var wrong = new List<string>();
            setting.Read(settings, [.. values.OrderBy(v => v.Key, ConfigurationKeyComparer.Instance).Select(v => v.Value)], source.BaseDirectory, wrong);
            errors.AddRange(wrong.Select(error => $"{where}: {setting.Key}: {error}"));
            origins[setting.Key] = where;
        }
    }

    private static Setting? Find(string key) => SettingTable.All.FirstOrDefault(setting =>
        key.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)
        || (setting.IsList && IsBelow(key, setting.Key) && key.AsSpan(setting.Key.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0));

    private static bool IsSection(string key) => SettingTable.All.Any(setting => IsBelow(setting.Key, key));

    private static bool IsBelow(string key, string section) =>
        key.Length > section.Length + 1 && key[section.Length] == ':' && key.StartsWith(section, StringComparison.OrdinalIgnoreCase);

    private static void CheckTogether(GatewaySettings settings, List<string> errors)
    {
        if (settings.Tls.Certificate is null != settings.Tls.Key is null)
            errors.Add("Tls:Certificate and Tls:Key belong together: give both or neither");
        var secure = settings.Listen.Append(settings.Admin).FirstOrDefault(url => url.StartsWith("https:", StringComparison.Ordinal));
        if (secure is not null && settings.Tls.Certificate is null && settings.Tls.Key is null)
            errors.Add($"{(secure == settings.Admin ? "Admin" : "Listen")}: {secure} needs a certificate: set Tls:Certificate and Tls:Key");
    }
}
