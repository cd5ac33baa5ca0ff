using EdgeGw.Configuration;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>What makes a service's configuration right. No sentence repeats the value of a setting: a secret may have got into the wrong one.</summary>
internal static class ServiceRules
{
    /// <summary>The most services of an epoch.</summary>
    internal const int MaxServices = 256;

    private const int MaxPoolSize = 1_000;
    private const int MaxQueueLength = 1_000_000;
    private const int MaxTimeoutMs = 600_000;

    /// <summary>Adds one sentence for each fault of an epoch's services.</summary>
    internal static void Check(IReadOnlyList<EpochService> services, List<string> reasons)
    {
        if (services.Count > MaxServices)
        {
            reasons.Add($"The epoch has {services.Count} services; {MaxServices} are allowed.");
            return;
        }
        foreach (var group in services.GroupBy(service => service.Id).Where(group => group.Count() > 1))
        {
            reasons.Add($"The service {group.Key} is configured {group.Count()} times.");
        }
        foreach (var service in services)
        {
            Check(service, reasons);
        }
        DataPaths(services, reasons);
    }

    /// <summary>Adds one sentence for each fault of one service.</summary>
    internal static void Check(EpochService service, List<string> reasons)
    {
        var kinds = ServiceProviders.Kinds;
        if (!kinds.Contains(service.Kind))
        {
            reasons.Add($"'{service.Kind}' is not a kind of service: there are {string.Join(", ", kinds)}; did you mean {NearestKey.Find(service.Kind, kinds)}?");
            return;
        }
        // Names become file names, which ManifestReader's rule ('..' is none) is for.
        if (!ManifestReader.IsName(service.Name))
        {
            reasons.Add($"'{service.Name}' is not a service's name: 1 to {ServiceId.MaxName} letters, digits, '.', '_' or '-', with at least one letter or digit.");
        }
        Bound(service, "poolSize", service.PoolSize, MaxPoolSize, reasons);
        Bound(service, "queueLength", service.QueueLength, MaxQueueLength, reasons);
        Bound(service, "timeoutMs", service.TimeoutMs, MaxTimeoutMs, reasons);
        if (ServiceProviders.Find(service.Kind, service.Provider) is { } provider)
        {
            Settings(service, provider, reasons);
        }
        else
        {
            reasons.Add($"{service}: '{service.Provider}' is not a provider of a {service.Kind}: use {string.Join(" or ", ServiceProviders.Names(service.Kind))}.");
        }
    }

    private static void Settings(EpochService service, ServiceProvider provider, List<string> reasons)
    {
        foreach (var (key, value) in service.Settings)
        {
            if (provider.Find(key) is not { } setting)
            {
                reasons.Add($"{service}: {provider.Name} has no setting '{key}'; did you mean '{NearestKey.Find(key, provider.Settings.Select(known => known.Key))}'?");
            }
            else if (Fault(setting, value) is { } fault)
            {
                reasons.Add($"{service}: '{key}' {fault}.");
            }
        }
        foreach (var setting in provider.Settings.Where(setting => setting.Default is null && !service.Settings.ContainsKey(setting.Key)))
        {
            reasons.Add($"{service}: {provider.Name} needs the setting '{setting.Key}': {setting.Meaning}");
        }
        if (provider.Name == "memory" && Number(service, provider, "maxEntryBytes") > Number(service, provider, "maxBytes"))
        {
            reasons.Add($"{service}: 'maxEntryBytes' must not be more than 'maxBytes'.");
        }
    }

    private static string? Fault(ServiceSetting setting, string? value)
    {
        if (value is null)
        {
            return "must be text, not null; leave it out for its default";
        }
        if (setting.Value.IsSecret || SecretReference.IsReference(value))
        {
            return SecretReference.TryParse(value, out _, out var error) ? null : error;
        }
        return value.Length == 0 && setting.Default is null ? "must not be empty"
            : value == setting.Default ? null
            : setting.Value.Fault(value);
    }

    // Null when it is not given, not known before the worker reads it, or no number, which another sentence says.
    private static long? Number(EpochService service, ServiceProvider provider, string key) =>
        long.TryParse(service.Settings.GetValueOrDefault(key) ?? provider.Find(key)!.Default, out var number) ? number : null;

    // Two services in one folder would overwrite each other's data, and a storage around a database would publish it.
    private static void DataPaths(IReadOnlyList<EpochService> services, List<string> reasons)
    {
        var paths = new List<(EpochService Service, string Path)>();
        foreach (var service in BuiltInServices.With(services))
        {
            if (ServiceProviders.Find(service.Kind, service.Provider)?.Find("path") is not { } setting)
            {
                continue;
            }
            var path = service.Settings.GetValueOrDefault("path") ?? EffectiveSettings.Default(service, setting);
            foreach (var (other, taken) in paths.Where(other => !SecretReference.IsReference(path) && Overlap(other.Path, path)))
            {
                reasons.Add($"{service} and {other} would keep their data in the same place: give one of them another 'path'.");
            }
            paths.Add((service, path));
        }
    }

    private static bool Overlap(string a, string b) => a == b || a.StartsWith(b + '/', StringComparison.Ordinal) || b.StartsWith(a + '/', StringComparison.Ordinal);

    private static void Bound(EpochService service, string what, int value, int most, List<string> reasons)
    {
        if (value < 1 || value > most)
        {
            reasons.Add($"{service}: {what} is {value}; it must be from 1 to {most}.");
        }
    }
}
