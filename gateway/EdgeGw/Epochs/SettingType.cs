using System.Globalization;

namespace EdgeGw.Epochs;

/// <summary>A type of a service's setting, and which values are right.</summary>
/// <param name="Type">Its name for people.</param>
/// <param name="Range">What is allowed, in words.</param>
/// <param name="Fault">Says what a value must be instead, as the end of a sentence that names the setting; null when it is right. It never repeats the value, which may be a secret in the wrong place.</param>
internal sealed record SettingType(string Type, string Range, Func<string, string?> Fault)
{
    private const int MaxText = 1_024;

    /// <summary>Must be a <see cref="SecretReference"/>.</summary>
    public bool IsSecret { get; private init; }

    /// <summary>A reference to a secret; what it leads to is text of any content.</summary>
    public static SettingType Secret { get; } = new("secret", $"`{SecretReference.Forms.Replace(", ", "`, `", StringComparison.Ordinal).Replace(" or ", "` or `", StringComparison.Ordinal)}`", _ => null) { IsSecret = true };

    /// <summary>Any text without control characters.</summary>
    public static SettingType Text { get; } = new("text", $"at most {MaxText} characters", value =>
        value.Length > MaxText || value.Any(char.IsControl) ? $"must have at most {MaxText} characters, none of them a control character" : null);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static SettingType Flag { get; } = OneOf("true", "false");

    /// <summary>A server without a port.</summary>
    public static SettingType Server { get; } = new("host", "a host name or an IP address, without a port", value =>
        IsServer(value) ? null : "must be a host name or an IP address, without a scheme and a port");

    /// <summary>A server without a port, or the folder of its Unix socket.</summary>
    public static SettingType ServerOrSocket { get; } = new("host", "a host name or an IP address, without a port; or the folder of a Unix socket", value =>
        IsServer(value) || AbsoluteFile!.Fault(value) is null ? null : "must be a host name or an IP address, without a scheme and a port, or the folder of a Unix socket");

    /// <summary>A server, perhaps with a port.</summary>
    public static SettingType Endpoint { get; } = new("host and port", "`s3.example.com` or `10.0.0.1:9000`, without a scheme", value =>
        Uri.TryCreate($"http://{value}/", UriKind.Absolute, out var url) && url.PathAndQuery == "/" && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && IsServer(url.Host)
            ? null
            : "must be a host, and a port where it is not the usual one, such as s3.example.com or 10.0.0.1:9000, without a scheme");

    /// <summary>A URL's beginning.</summary>
    public static SettingType Url { get; } = new("URL", "`http://` or `https://`, a host, perhaps a port", value =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url is { Query.Length: 0, Fragment.Length: 0 }
            ? null
            : "must be a URL such as http://proxy.example.com:3128; a user and a password go into 'proxyUser' and 'proxyPassword'");

    /// <summary>Hosts that are allowed or refused.</summary>
    public static SettingType Hosts { get; } = new("list of hosts", "`api.example.com`, `*.example.com`, an IP address or `*`, with `,` between them", value =>
        value.Split(',', StringSplitOptions.TrimEntries).All(ManifestReader.IsHost) ? null : "must be hosts with ',' between them, each such as api.example.com, *.example.com, 10.0.0.1 or *, without a port");

    /// <summary>Where a service keeps its data.</summary>
    public static SettingType DataPath { get; } = new("path", "absolute, or below `data/` of the state directory", value =>
        value.Length is > 0 and <= MaxText && !value.Any(char.IsControl) && !value.EndsWith('/') && !value.Split('/').Any(part => part is "." or "..")
        && (value.StartsWith('/') || (value.StartsWith("data/", StringComparison.Ordinal) && value.Length > "data/".Length))
            ? null
            : "must be an absolute path, or one below the state directory's data/, without '.' and '..' in it");

    /// <summary>A file that the worker reads.</summary>
    public static SettingType AbsoluteFile { get; } = new("path", "absolute", value =>
        value.StartsWith('/') && value.Length <= MaxText && !value.EndsWith('/') && !value.Any(char.IsControl) ? null : "must be the absolute path of a file");

    /// <summary>An S3 bucket.</summary>
    public static SettingType Bucket { get; } = new("text", "3 to 63 lower-case letters, digits, `.` and `-`", value =>
        value.Length is >= 3 and <= 63 && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-') && char.IsAsciiLetterOrDigit(value[0]) && char.IsAsciiLetterOrDigit(value[^1])
            ? null
            : "must be a bucket's name: 3 to 63 lower-case letters, digits, '.' and '-'");

    /// <summary>A whole number.</summary>
    public static SettingType Whole(long least, long most) => new("whole number", string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"), value =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));

    /// <summary>One of a few words.</summary>
    public static SettingType OneOf(params string[] words) => new("word", string.Join(", ", words.Select(word => $"`{word}`")), value =>
        words.Contains(value, StringComparer.Ordinal) ? null : $"must be {string.Join(", ", words[..^1])} or {words[^1]}");

    private static bool IsServer(string host) => host.Length is > 0 and <= 255 && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
}

/// <summary>One setting of a provider.</summary>
/// <param name="Key">The key, exactly as it is written.</param>
/// <param name="Value">The type.</param>
/// <param name="Default">What holds when it is not given (<c>{name}</c> stands for the service's name), empty for nothing; null: it must be given.</param>
/// <param name="Meaning">One sentence, with the unit.</param>
internal sealed record ServiceSetting(string Key, SettingType Value, string? Default, string Meaning);
