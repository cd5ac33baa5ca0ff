using System.Text.Json;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Epochs;

/// <summary>Reads and checks what a library says of itself.</summary>
internal static class ManifestReader
{
    /// <summary>The most bytes of a manifest.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The most routes of one library.</summary>
    public const int MaxRoutes = 10_000;

    private const int MaxName = 64;

    /// <summary>Reads a manifest; <paramref name="error"/> says in one sentence what is wrong with it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out Manifest? manifest, out string? error)
    {
        manifest = null;
        if (utf8.Length is 0 or > MaxBytes)
        {
            error = utf8.Length == 0 ? "The library's manifest is empty." : $"The library's manifest has {utf8.Length} bytes; {MaxBytes} are allowed.";
            return false;
        }
        try
        {
            manifest = JsonSerializer.Deserialize(utf8, EpochJson.Default.Manifest);
        }
        catch (JsonException e)
        {
            error = $"The library's manifest is not what docs/manifest.md describes: {e.Message}";
            return false;
        }
        error = manifest is null ? "The library's manifest is null." : Check(manifest);
        return error is null;
    }

    /// <summary>Whether a handler or host label may be called that.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && name.Any(char.IsAsciiLetterOrDigit);

    /// <summary>Whether it is a host, <c>*.host</c> or <c>*</c>.</summary>
    public static bool IsHost(string host)
    {
        if (host == "*")
        {
            return true;
        }
        var plain = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        // Everything that can stand in a Host header without a port: names, IPv4, and IPv6 in brackets.
        return plain.Length is > 0 and <= 255 && (Uri.CheckHostName(plain) is UriHostNameType.Dns or UriHostNameType.IPv4
            || (plain.StartsWith('[') && plain.EndsWith(']') && Uri.CheckHostName(plain) == UriHostNameType.IPv6));
    }

    private static string? Check(Manifest manifest)
    {
        if (manifest.HasHoles())
        {
            return "The manifest has null in the place of a route, a service, or a part of its self-test.";
        }
        if (!IsName(manifest.Name))
        {
            return $"The manifest's name '{manifest.Name}' must be 1 to {MaxName} letters, digits, '.', '_' or '-'.";
        }
        if (manifest.Version.Length > MaxName)
        {
            return $"The manifest's version has {manifest.Version.Length} characters; {MaxName} are allowed.";
        }
        if (manifest.Routes.Count is 0 or > MaxRoutes)
        {
            return manifest.Routes.Count == 0 ? "The manifest has no routes, so the library could never be called." : $"The manifest has {manifest.Routes.Count} routes; {MaxRoutes} are allowed.";
        }
        if (manifest.Isolation is not (null or "shared" or "process"))
        {
            return $"The manifest's isolation '{manifest.Isolation}' must be 'process' or 'shared'.";
        }
        foreach (var route in manifest.Routes)
        {
            if (Check(route) is { } error)
            {
                return error;
            }
        }
        return ManifestSelfTest.Check(manifest.SelfTest);
    }

    private static string? Check(ManifestRoute route)
    {
        if (route.Method != "*" && (route.Method.Length is 0 or > 32 || !route.Method.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))))
        {
            return $"The method '{route.Method}' of the route '{route.Pattern}' is not an HTTP method.";
        }
        if (!RoutePattern.TryParse(route.Pattern, out _, out var error))
        {
            return error;
        }
        if (!IsHost(route.Host))
        {
            return $"The host '{route.Host}' of the route '{route.Pattern}' is neither a host name, '*.name' nor '*'.";
        }
        return route switch
        {
            { DeadlineMs: < 0 } => $"deadlineMs of the route '{route.Pattern}' must not be negative.",
            { MaxBodyBytes: < 0 } => $"maxBodyBytes of the route '{route.Pattern}' must not be negative.",
            { Concurrency: < 1 } => $"concurrency of the route '{route.Pattern}' must be at least 1.",
            _ => null,
        };
    }
}
