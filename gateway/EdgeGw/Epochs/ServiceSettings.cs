namespace EdgeGw.Epochs;

/// <summary>A service's settings as they hold: with defaults filled in, and references read.</summary>
internal static class ServiceSettings
{
    /// <summary>What holds for one setting when it is not given.</summary>
    public static string Default(EpochService service, ServiceSetting setting) => (setting.Default ?? "").Replace("{name}", service.Name, StringComparison.Ordinal);

    /// <summary>Gives a value to every setting of the service's provider; empty is "none". Any setting may be a reference; it is read here, and what it leads to is checked as a value given in
    /// place is. Called by the process that uses the service, when that starts: what it returns holds secrets.</summary>
    /// <param name="service">A service that validation has passed.</param>
    /// <param name="environment">Gives a variable's value, or null.</param>
    /// <param name="values">Every key with its value; empty when there are reasons.</param>
    /// <param name="reasons">One sentence for each setting that has no value, without any value in it.</param>
    public static bool TryResolve(EpochService service, Func<string, string?> environment, out IReadOnlyDictionary<string, string> values, out IReadOnlyList<string> reasons)
    {
        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var setting in ServiceProviders.Find(service.Kind, service.Provider)?.Settings ?? [])
        {
            if (!service.Settings.TryGetValue(setting.Key, out var value))
            {
                resolved[setting.Key] = Default(service, setting);
            }
            else if (!SecretReference.IsReference(value))
            {
                resolved[setting.Key] = value;
            }
            else if (!SecretReference.TryParse(value, out var reference, out var error) || !reference.TryResolve(environment, out var secret, out error))
            {
                faults.Add($"{service}: {setting.Key}: {error}.");
            }
            else if (setting.Value.Fault(secret) is { } fault)
            {
                faults.Add($"{service}: {setting.Key}: what {reference} holds {fault}.");
            }
            else
            {
                resolved[setting.Key] = secret;
            }
        }
        values = faults.Count == 0 ? resolved : new Dictionary<string, string>();
        reasons = faults;
        return faults.Count == 0;
    }
}
