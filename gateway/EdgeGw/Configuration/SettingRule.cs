using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Configuration;

/// <summary>What makes a text setting right.</summary>
/// <param name="Range">What is allowed, in words.</param>
/// <param name="Check">Returns a sentence that says what is wrong, or null; may put the value into its usual form.</param>
internal sealed record SettingRule(string Range, SettingRule.Checker Check)
{
    /// <summary>Checks one value; <paramref name="baseDirectory"/> is what relative file names are relative to.</summary>
    public delegate string? Checker(ref string value, string baseDirectory);

    private const string Credential = "credential:";

    private static readonly SearchValues<char> s_headerName = SearchValues.Create("-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly string[] Levels = ["Trace", "Debug", "Info", "Warning", "Error", "Critical"];

    /// <summary>Where traffic is taken.</summary>
    public static SettingRule ListenUrl { get; } = new("`http://` or `https://`, an IP address, `localhost` or `*`, a port",
        (ref string value, string _) => CheckUrl(ref value, "http", "https"));

    /// <summary>Where the Admin API listens.</summary>
    public static SettingRule AdminUrl { get; } = new("empty, or `http://` or `https://`, an IP address, `localhost` or `*`, a port",
        (ref string value, string _) => value.Length == 0 ? null : CheckUrl(ref value, "http", "https"));

    /// <summary>A file that is there, or a credential of systemd's, which is one (systemd.exec(5), LoadCredential=).</summary>
    public static SettingRule ExistingFile { get; } = new("a file, relative to the configuration file's folder, or `credential:NAME`", static (ref string value, string baseDirectory) =>
    {
        if (value.Length == 0)
            return "the file's name is empty";
        if (value.StartsWith(Credential, StringComparison.Ordinal))
        {
            var name = value[Credential.Length..];
            if (Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is not { Length: > 0 } folder)
                return $"the gateway was started without systemd credentials (no CREDENTIALS_DIRECTORY); give it '{name}' with LoadCredential= in its unit";
            if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name is "." or "..")
                return "a credential's name after 'credential:' is that of a file, without a folder";
            value = Path.Combine(folder, name);
        }
        value = Path.GetFullPath(value, baseDirectory);
        return File.Exists(value) ? null : $"there is no file {value}";
    });

    /// <summary>A folder that is there, or none.</summary>
    public static SettingRule FolderOrNone { get; } = new("empty, or a folder, relative to the configuration file's", static (ref string value, string baseDirectory) =>
    {
        if (value.Length == 0)
            return null;
        value = Path.GetFullPath(value, baseDirectory);
        return Directory.Exists(value) ? null : $"there is no folder {value}";
    });

    /// <summary>A file that is there, or none.</summary>
    public static SettingRule FileOrNone { get; } = new("empty, or a file, relative to the configuration file's folder", static (ref string value, string baseDirectory) =>
    {
        if (value.Length == 0)
            return null;
        value = Path.GetFullPath(value, baseDirectory);
        return File.Exists(value) ? null : $"there is no file {value}";
    });

    /// <summary>The id of a NuGet package.</summary>
    public static SettingRule PackageId { get; } = new("a package's id", static (ref string value, string _) =>
        IsPackageId(value) ? null : $"'{value}' is not a package's id (letters, digits, '.', '_' and '-')");

    /// <summary>How compilers are isolated.</summary>
    public static SettingRule Sandbox { get; } = new("`auto`, `required`", static (ref string value, string _) =>
        value is "auto" or "required" ? null : $"'{value}' is not a way to isolate compilers (auto, required)");

    /// <summary>A host's name, without a port.</summary>
    public static SettingRule HostName { get; } = new("a host name such as `gateway.example.com`", static (ref string value, string _) =>
    {
        if (Uri.CheckHostName(value) != UriHostNameType.Dns)
            return $"'{value}' is not a host name such as gateway.example.com";
        value = value.ToLowerInvariant();
        return null;
    });

    /// <summary>Where a collector takes OTLP.</summary>
    public static SettingRule CollectorUrl { get; } = new("empty, or an `http://` or `https://` URL", static (ref string value, string _) =>
    {
        if (value.Length == 0)
            return null;
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
            return $"'{value}' is not the URL of a collector such as http://127.0.0.1:4318";
        value = url.AbsoluteUri.TrimEnd('/');
        return null;
    });

    /// <summary>A header with its value.</summary>
    public static SettingRule HeaderLine { get; } = new("`NAME=VALUE`", static (ref string value, string _) =>
        // The value is not shown: it may be a key.
        IsHeader(value) ? null : "a header is not of the form NAME=VALUE, with a name of letters, digits and '-', and a value of visible characters");

    /// <summary>A name that telemetry goes under.</summary>
    public static SettingRule ServiceName { get; } = new("1 to 255 characters", static (ref string value, string _) =>
        value.Length is > 0 and <= 255 && !value.Any(char.IsControl) ? null : "a service's name has 1 to 255 characters, and none that control a terminal");

    /// <summary>A transport.</summary>
    public static SettingRule Transport { get; } = new("`epoll`, `sockets`", static (ref string value, string _) =>
        value is "epoll" or "sockets" ? null : $"'{value}' is not a transport (epoll, sockets)");

    /// <summary>Whether isolated workers have control groups.</summary>
    public static SettingRule ControlGroups { get; } = new("`auto`, `on`, `off`", static (ref string value, string _) =>
        value is "auto" or "on" or "off" ? null : $"'{value}' is none of auto, on, off");

    /// <summary>A log level.</summary>
    public static SettingRule LogLevel { get; } = new(string.Join(", ", Levels.Select(level => $"`{level}`")), static (ref string value, string _) =>
    {
        var given = value;
        if (Array.Find(Levels, level => level.Equals(given, StringComparison.OrdinalIgnoreCase)) is not { } known)
            return $"'{given}' is not a level ({string.Join(", ", Levels)})";
        value = known;
        return null;
    });

    /// <summary>An address or a network.</summary>
    public static SettingRule AddressOrNetwork { get; } = new("an IP address or a network such as `10.0.0.0/8`", static (ref string value, string baseDirectory) =>
        IsAddress(value.Split('/')[0]) && (IPAddress.TryParse(value, out _) || IPNetwork.TryParse(value, out _))
            ? null
            : $"'{value}' is neither an IP address nor a network such as 10.0.0.0/8");

    /// <summary>Whether a text can be a package's id.</summary>
    public static bool IsPackageId(string text) => text.Length is > 0 and <= 100 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && char.IsAsciiLetterOrDigit(text[0]);

    /// <summary>Whether a text is <c>NAME=VALUE</c> and can be sent as a header.</summary>
    public static bool IsHeader(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && text.AsSpan(0, equals).IndexOfAnyExcept(s_headerName) < 0 && text.AsSpan(equals + 1).IndexOfAnyExceptInRange(' ', '~') < 0;
    }

    // The platform also takes '10' (0.0.0.10) for an address; nobody means it.
    private static bool IsAddress(string text) => IPAddress.TryParse(text, out var address) && (address.ToString().Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3);

    private static string? CheckUrl(ref string value, params ReadOnlySpan<string> schemes)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(value);
        }
        catch (FormatException)
        {
            return $"'{value}' is not a URL such as {schemes[0]}://127.0.0.1:8080";
        }
        var scheme = address.Scheme.ToLowerInvariant();
        if (!schemes.Contains(scheme))
            return $"'{value}' must start with {string.Join(":// or ", schemes)}://";
        if (address.PathBase.Length > 0 || address.IsUnixPipe || address.IsNamedPipe)
            return $"'{value}' must be a host and a port alone";
        var host = address.Host.Trim('[', ']');
        if (host is not ("*" or "localhost") && !IsAddress(host))
            return $"'{value}' must name an IP address, localhost or * as its host";
        if (address.Port is < 0 or > IPEndPoint.MaxPort)
            return $"'{value}' has a port out of range (0 to {IPEndPoint.MaxPort})";
        value = $"{scheme}://{address.Host}:{address.Port}";
        return null;
    }
}
