using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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

    /// <summary>The certificates of a PEM file; null when none is given. Throws <see cref="ServiceConfigurationException"/> when it cannot be read or holds none.</summary>
    public X509Certificate2Collection? Authorities(string key)
    {
        if (Path(key) is not { Length: > 0 } file)
        {
            return null;
        }
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ServiceConfigurationException($"'{key}' cannot be read: {e.Message.TrimEnd('.')}.");
        }
        return certificates.Count > 0 ? certificates : throw new ServiceConfigurationException($"'{key}' has no certificate in it; it must be a PEM file.");
    }

    /// <summary>Trust in the certificates of a PEM file, and in no others; null when none is given: the system's. Throws as <see cref="Authorities"/> does.</summary>
    public X509ChainPolicy? Trust(string key)
    {
        if (Authorities(key) is not { } authorities)
        {
            return null;
        }
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
