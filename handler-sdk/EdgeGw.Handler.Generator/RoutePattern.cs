using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace EdgeGw.Generator;

/// <summary>A route's pattern (docs/routing.md), checked at compile time so that a deploy cannot be refused for it.</summary>
internal sealed class RoutePattern
{
    private static readonly ImmutableHashSet<string> Types = ImmutableHashSet.Create("int", "long", "guid", "bool", "alpha");

    private readonly ImmutableArray<(string Kind, string Text)> _segments;

    private RoutePattern(ImmutableArray<string> names, ImmutableArray<(string Kind, string Text)> segments, string shape)
    {
        _segments = segments;
        Names = names;
        Shape = shape;
    }

    /// <summary>The parameters' names in order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Equal for patterns that match the same paths in the same way.</summary>
    public string Shape { get; }

    /// <summary>Reads a pattern, or says in <paramref name="reason"/> why not; or names the type that is not known.</summary>
    public static RoutePattern? Parse(string pattern, out string? reason, out string? unknownType)
    {
        reason = null;
        unknownType = null;
        if (pattern.Length == 0 || pattern[0] != '/')
            return Fail(out reason, "it must begin with '/'");
        var segments = pattern.Substring(1).Split('/');
        if (segments.Length > 1 && segments[segments.Length - 1].Length == 0)
            segments = [.. segments.Take(segments.Length - 1)]; // one trailing slash makes no difference
        var names = ImmutableArray.CreateBuilder<string>();
        var parts = ImmutableArray.CreateBuilder<(string Kind, string Text)>();
        var shape = new StringBuilder();
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            shape.Append('/');
            if (segment.Length == 0 && segments.Length == 1)
                break;
            if (segment.IndexOfAny(['{', '}']) < 0)
            {
                if (CheckLiteral(segment) is { } wrong)
                    return Fail(out reason, wrong);
                shape.Append(Uri.UnescapeDataString(segment));
                parts.Add(("", Uri.UnescapeDataString(segment)));
                continue;
            }
            if (segment[0] != '{' || segment[segment.Length - 1] != '}' || segment.IndexOf('{', 1) >= 0 || segment.IndexOf('}') != segment.Length - 1)
                return Fail(out reason, $"the segment '{segment}' mixes text and a parameter; a parameter is a whole segment, such as {{id}}");
            var inner = segment.Substring(1, segment.Length - 2);
            var isCatchAll = inner.StartsWith("*", StringComparison.Ordinal);
            if (isCatchAll && i != segments.Length - 1)
                return Fail(out reason, $"the catch-all '{segment}' must be the last segment");
            var colon = inner.IndexOf(':');
            var name = isCatchAll ? inner.Substring(1) : colon < 0 ? inner : inner.Substring(0, colon);
            // As the gateway reads it: what compiles is not refused at the deploy.
            if (name.Length == 0 || char.IsDigit(name[0]) || !name.All(c => c == '_' || (c < 128 && char.IsLetterOrDigit(c))))
                return Fail(out reason, $"the parameter '{segment}' has no name of ASCII letters, digits and '_' that does not begin with a digit");
            if (names.Contains(name, StringComparer.OrdinalIgnoreCase))
                return Fail(out reason, $"the parameter '{name}' comes twice");
            var type = colon < 0 ? "" : inner.Substring(colon + 1);
            if (!isCatchAll && colon >= 0 && !Types.Contains(type))
            {
                unknownType = type;
                return null;
            }
            names.Add(name);
            shape.Append(isCatchAll ? "{*}" : $"{{:{type}}}");
            parts.Add((isCatchAll ? "*" : ":" + type, name));
        }
        return new RoutePattern(names.ToImmutable(), parts.ToImmutable(), shape.ToString());
    }

    /// <summary>Whether a request for a path, with or without a query, would come here if there were no other route.</summary>
    public bool Matches(string target)
    {
        if (target.Length == 0 || target[0] != '/' || target.Any(c => c is <= ' ' or >= '\x7f' or '#'))
            return false;
        var path = target.Split('?')[0].Substring(1);
        var given = path.Length == 0 ? [] : path.Split('/');
        if (given.Length > 0 && given[given.Length - 1].Length == 0)
            given = [.. given.Take(given.Length - 1)];
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i].Kind == "*")
                return true;
            if (i >= given.Length || !Matches(_segments[i], Uri.UnescapeDataString(given[i])))
                return false;
        }
        return given.Length == _segments.Length;
    }

    private static bool Matches((string Kind, string Text) segment, string given) => segment.Kind switch
    {
        "" => given == segment.Text,
        ":int" => int.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        ":long" => long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        ":guid" => Guid.TryParseExact(given, "D", out _),
        ":bool" => given is "true" or "false",
        ":alpha" => given.Length > 0 && given.All(c => c < 128 && char.IsLetter(c)),
        _ => given.Length > 0,
    };

    private static string? CheckLiteral(string segment)
    {
        if (segment.Length == 0)
            return "it has an empty segment ('//')";
        if (segment is "." or "..")
            return "it has a '.' or '..' segment, which is removed from every path before routing";
        foreach (var c in segment)
        {
            if (c is '?' or '#' || char.IsWhiteSpace(c) || char.IsControl(c))
                return $"the segment '{segment}' has a character that cannot be in a path";
        }
        for (var percent = segment.IndexOf('%'); percent >= 0; percent = segment.IndexOf('%', percent + 1))
        {
            if (percent + 2 >= segment.Length || !Uri.IsHexEncoding(segment, percent))
                return $"the segment '{segment}' has a '%' that two hexadecimal digits do not follow";
        }
        return null;
    }

    private static RoutePattern? Fail(out string? reason, string why)
    {
        reason = why;
        return null;
    }
}
