namespace EdgeGw.Epochs;

/// <summary>A service's settings as they hold: with defaults filled in, and references read.</summary>
internal static class EffectiveSettings
{
    /// <summary>What holds for one setting when it is not given.</summary>
    public static string Default(EpochService service, ServiceSetting setting) => (setting.Default ?? "").Replace("{name}", service.Name, StringComparison.Ordinal);

    /// <summary>Gives its value to every setting of the service's provider that has one, given or by default. Any setting may be a reference; it is read here, and what it leads to is checked as a value given in
    /// place is. Called by the process that uses the service, when that starts: what it returns holds secrets.</summary>
    /// <param name="service">A service that validation has passed.</param>
    /// <param name="environment">Gives a variable's value, and that of a secret for <c>secret:name</c>; or null.</param>
    /// <param name="values">Keys with their values, none of them empty; no key when there are reasons.</param>
    /// <param name="reasons">One sentence for each setting that has no value, without any value in it.</param>
    public static bool TryResolve(EpochService service, Func<string, string?> environment, out IReadOnlyDictionary<string, string> values, out IReadOnlyList<string> reasons)
    {
        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (var setting in ServiceProviders.Find(service.Kind, service.Provider)?.Settings ?? [])
        {
            var value = service.Settings.GetValueOrDefault(setting.Key) ?? Default(service, setting);
            if (value.Length == 0)
            {
                continue;
            }
            if (!SecretReference.IsReference(value))
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
