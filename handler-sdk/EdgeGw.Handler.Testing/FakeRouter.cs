using System.Globalization;
using System.Text;

namespace EdgeGw.Testing;

/// <summary>Finds a route by docs/routing.md, the plain way: every route is tried, and the most exact one that fits wins.</summary>
internal sealed class FakeRouter(FakeManifest manifest)
{
    /// <summary>A route and the values of its parameters; or a status when there is none.</summary>
    public readonly record struct Match(int Route, IReadOnlyList<byte[]> Parameters, int Status, string Allow);

    public Match Find(string method, string host, string path)
    {
        var segments = Split(path);
        if (segments is null)
            return new Match(-1, [], 400, "");
        var fits = new List<(int Index, string Rank, List<byte[]> Parameters)>();
        for (var i = 0; i < manifest.Routes.Count; i++)
        {
            var route = manifest.Routes[i];
            if (HostRank(route.Host ?? "*", host) is { } hostRank && Fit(route.Pattern, segments) is var (rank, parameters))
                fits.Add((i, hostRank + rank, parameters));
        }
        if (fits.Count == 0)
            return new Match(-1, [], 404, "");
        string[] wanted = method == "HEAD" ? ["HEAD", "GET", "*"] : [method, "*"];
        foreach (var verb in wanted)
        {
            var best = fits.Where(f => manifest.Routes[f.Index].Method == verb).OrderBy(f => f.Rank, StringComparer.Ordinal).FirstOrDefault();
            if (best.Rank is not null)
                return new Match(best.Index, best.Parameters, 200, "");
        }
        return new Match(-1, [], 405, string.Join(", ", fits.Select(f => manifest.Routes[f.Index].Method).Distinct().Order(StringComparer.Ordinal)));
    }

    /// <summary>The path percent-decoded, with dot segments removed.</summary>
    public static byte[] Decode(string path)
        => Split(path) is { } segments ? [.. segments.SelectMany(s => (byte[])[(byte)'/', .. s])] : Encoding.UTF8.GetBytes(path);

    private static List<byte[]>? Split(string path)
    {
        var segments = new List<byte[]>();
        var parts = path.Split('/')[1..];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is "." or "..")
            {
                if (parts[i] == ".." && segments.Count > 0)
                    segments.RemoveAt(segments.Count - 1);
                if (i == parts.Length - 1)
                    segments.Add([]);
                continue;
            }
            if (Unescape(parts[i]) is not { } segment)
                return null;
            segments.Add(segment);
        }
        return segments;
    }

    private static byte[]? Unescape(string segment)
    {
        var bytes = new List<byte>();
        var raw = Encoding.UTF8.GetBytes(segment);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '%')
            {
                bytes.Add(raw[i]);
            }
            else if (i + 2 < raw.Length && byte.TryParse(Encoding.ASCII.GetString(raw, i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                return null;
            }
        }
        return [.. bytes];
    }

    /// <summary>How exact the host is: the smaller, the more. Null when it is another.</summary>
    private static string? HostRank(string pattern, string host)
    {
        if (pattern == "*")
            return "9999";
        if (pattern.StartsWith("*.", StringComparison.Ordinal))
            return host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) ? (9000 - pattern.Length).ToString("d4", CultureInfo.InvariantCulture) : null;
        return pattern.Equals(host, StringComparison.OrdinalIgnoreCase) ? "0000" : null;
    }

    private static (string Rank, List<byte[]> Parameters)? Fit(string pattern, List<byte[]> segments)
    {
        var rank = new StringBuilder();
        var parameters = new List<byte[]>();
        var parts = pattern.Trim('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        var path = segments.Count > 0 && segments[^1].Length == 0 ? segments[..^1] : segments;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].StartsWith("{*", StringComparison.Ordinal))
            {
                parameters.Add([.. segments.Skip(i).SelectMany((s, n) => n == 0 ? s : (byte[])[(byte)'/', .. s])]);
                return (rank.Append('9').ToString(), parameters);
            }
            if (i >= path.Count)
                return null;
            if (parts[i][0] != '{')
            {
                if (!path[i].AsSpan().SequenceEqual(Unescape(parts[i]) ?? []))
                    return null;
                rank.Append('1');
                continue;
            }
            var colon = parts[i].IndexOf(':', StringComparison.Ordinal);
            if (path[i].Length == 0 || (colon > 0 && !IsOfType(parts[i][(colon + 1)..^1], Encoding.UTF8.GetString(path[i]))))
                return null;
            parameters.Add(path[i]);
            rank.Append(colon > 0 ? '2' : '3');
        }
        return parts.Length == path.Count ? (rank.ToString(), parameters) : null;
    }

    private static bool IsOfType(string type, string text) => type switch
    {
        "int" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "long" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "guid" => Guid.TryParse(text, out _),
        "bool" => bool.TryParse(text, out _),
        "alpha" => text.All(char.IsAsciiLetter),
        _ => false,
    };
}
