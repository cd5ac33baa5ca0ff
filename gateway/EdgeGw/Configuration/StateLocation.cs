using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Configuration;

/// <summary>Where the gateway keeps its state (docs/state.md), and which file configures it.</summary>
internal static class StateLocation
{
    /// <summary>The directory of a gateway that was installed as a service.</summary>
    public const string Installed = "/var/lib/edgegw";

    private const string SystemConfiguration = "/etc/edgegw/edgegw.json";

    /// <summary>The directory in force: the switch, <c>EDGEGW_STATE</c>, what systemd gives, <c>$XDG_DATA_HOME/edgegw</c>.</summary>
    public static string Resolve(string? given, IReadOnlyDictionary<string, string> environment)
    {
        if (string.IsNullOrEmpty(given))
            given = environment.GetValueOrDefault("EDGEGW_STATE");
        if (string.IsNullOrEmpty(given))
            given = environment.GetValueOrDefault("STATE_DIRECTORY")?.Split(':')[0];
        if (string.IsNullOrEmpty(given))
            given = Path.Combine(DataHome(environment), "edgegw");
        return Path.GetFullPath(given);
    }

    /// <summary>The directory in force of a gateway that is there already: one that was installed as a service is found without being told.</summary>
    public static string Find(string? given, IReadOnlyDictionary<string, string> environment)
    {
        var own = Resolve(given, environment);
        var chosen = !string.IsNullOrEmpty(given) || !string.IsNullOrEmpty(environment.GetValueOrDefault("EDGEGW_STATE"));
        return chosen || Directory.Exists(own) || !Directory.Exists(Installed) ? own : Installed;
    }

    /// <summary>The configuration file in force: the switch, <c>EDGEGW_CONFIG</c>, <c>edgegw.json</c> in the state directory, the system's. Null: there is none.</summary>
    public static string? FindConfiguration(string? given, string stateDirectory, IReadOnlyDictionary<string, string> environment)
    {
        if (!string.IsNullOrEmpty(given))
            return given;
        if (environment.GetValueOrDefault("EDGEGW_CONFIG") is { Length: > 0 } named)
            return named;
        return Array.Find([Path.Combine(stateDirectory, "edgegw.json"), SystemConfiguration], File.Exists);
    }

    /// <summary>The directory of the gateway that 'edgegw dev' runs for a project; null when its path would be too long for the sockets in it.</summary>
    public static string? ForProject(string folder, IReadOnlyDictionary<string, string> environment)
    {
        const int longest = 80;
        folder = Path.GetFullPath(folder);
        var name = string.Concat(Path.GetFileName(folder).Where(char.IsAsciiLetterOrDigit).Take(20));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..8];
        var path = Path.Combine(DataHome(environment), "edgegw-dev", $"{name}-{hash}");
        return Encoding.UTF8.GetByteCount(path) <= longest ? path : null;
    }

    private static string DataHome(IReadOnlyDictionary<string, string> environment)
    {
        // The base directory specification: a relative XDG_DATA_HOME is to be ignored.
        if (environment.GetValueOrDefault("XDG_DATA_HOME") is { Length: > 0 } dataHome && Path.IsPathRooted(dataHome))
            return dataHome;
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length > 0 ? local : Path.GetDirectoryName(Installed)!;
    }
}
