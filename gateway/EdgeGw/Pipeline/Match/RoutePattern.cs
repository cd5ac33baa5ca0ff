using System.Text;

namespace EdgeGw.Pipeline.Match;

/// <summary>A parsed route pattern such as <c>/orders/{id:int}/{*rest}</c>. docs/routing.md says what each segment matches.</summary>
internal sealed class RoutePattern
{
    /// <summary>The most segments a pattern may have: bounds the matcher's recursion.</summary>
    public const int MaxSegments = 64;

    /// <summary>The most parameters a pattern may have: the room that each exchange keeps for them.</summary>
    public const int MaxParameters = 32;

    private RoutePattern(string text, RouteSegment[] segments)
    {
        Text = text;
        Segments = segments;
        ParameterNames = [.. segments.Where(s => s.Name is not null).Select(s => s.Name!)];
        Shape = segments.Length == 0 ? "/" : string.Concat(segments.Select(s => "/" + s.Shape));
    }

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>The segments, left to right. None for <c>/</c>.</summary>
    public IReadOnlyList<RouteSegment> Segments { get; }

    /// <summary>The parameters' names, left to right.</summary>
    public IReadOnlyList<string> ParameterNames { get; }

    /// <summary>The pattern without its parameter names: two routes of one host, method and shape conflict.</summary>
    public string Shape { get; }

    /// <summary>Parses a pattern; <paramref name="error"/> says in a sentence what is wrong with it.</summary>
    public static bool TryParse(string pattern, out RoutePattern? parsed, out string? error)
    {
        parsed = null;
        if (!pattern.StartsWith('/'))
        {
            error = $"The pattern '{pattern}' must begin with '/'.";
            return false;
        }
        if (pattern.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 || pattern.AsSpan().IndexOfAny('?', '#', '\x7f') >= 0)
        {
            error = $"The pattern '{pattern}' holds a space, a control character, '?' or '#', which no path can.";
            return false;
        }

        var parts = pattern.Length > 1 && pattern.EndsWith('/') ? pattern[1..^1].Split('/') : pattern[1..].Split('/');
        if (pattern == "/")
        {
            parts = [];
        }
        if (parts.Length > MaxSegments)
        {
            error = $"The pattern '{pattern}' has {parts.Length} segments; {MaxSegments} are allowed.";
            return false;
        }

        var segments = new RouteSegment[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!RouteSegment.TryParse(parts[i], isLast: i == parts.Length - 1, out segments[i], out var why))
            {
                error = $"The pattern '{pattern}' is not valid: {why}.";
                return false;
            }
        }

        var names = segments.Where(s => s.Name is not null).Select(s => s.Name!).ToArray();
        if (names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            error = $"The pattern '{pattern}' names the parameter '{twice.Key}' twice.";
            return false;
        }
        if (names.Length > MaxParameters)
        {
            error = $"The pattern '{pattern}' has {names.Length} parameters; {MaxParameters} are allowed.";
            return false;
        }

        parsed = new RoutePattern(pattern, segments);
        error = null;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>What a segment of a pattern matches; the order is the order in which branches are tried.</summary>
internal enum SegmentKind
{
    /// <summary>Its own bytes.</summary>
    Literal,
    /// <summary>A GUID in the 36-character form.</summary>
    Guid,
    /// <summary>A 32-bit integer.</summary>
    Int,
    /// <summary>A 64-bit integer.</summary>
    Long,
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Bool,
    /// <summary>ASCII letters.</summary>
    Alpha,
    /// <summary>One non-empty segment.</summary>
    Any,
    /// <summary>The rest of the path.</summary>
    CatchAll,
}

/// <summary>One segment of a pattern.</summary>
internal readonly record struct RouteSegment(SegmentKind Kind, string? Name, byte[] Literal)
{
    /// <summary>The segment without its name.</summary>
    public string Shape => Kind switch
    {
        SegmentKind.Literal => string.Concat(Literal.Select(b => char.IsAsciiLetterOrDigit((char)b) || "-._~".Contains((char)b, StringComparison.Ordinal) ? ((char)b).ToString() : $"%{b:X2}")),
        SegmentKind.Any => "{}",
        SegmentKind.CatchAll => "{*}",
        _ => "{:" + Kind.ToString().ToLowerInvariant() + "}",
    };

    /// <summary>Parses one segment; <paramref name="why"/> completes "is not valid: ...".</summary>
    public static bool TryParse(string text, bool isLast, out RouteSegment segment, out string? why)
    {
        segment = default;
        why = null;
        if (text.Length == 0)
        {
            why = "it has an empty segment ('//')";
            return false;
        }
        if (!text.StartsWith('{'))
        {
            if (text.AsSpan().IndexOfAny('{', '}') >= 0)
            {
                why = $"in '{text}' a parameter must be the whole segment";
                return false;
            }
            var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
            if (!PercentDecoder.TryDecode(Encoding.UTF8.GetBytes(text), bytes, out var length))
            {
                why = $"'{text}' is not valid percent-encoding";
                return false;
            }
            segment = new RouteSegment(SegmentKind.Literal, null, bytes[..length]);
            if (bytes.AsSpan(0, length) is [(byte)'.'] or [(byte)'.', (byte)'.'])
            {
                why = $"'{text}' is removed from every request path, so it could never match";
                return false;
            }
            return true;
        }
        if (!text.EndsWith('}') || text.IndexOf('{', 1) >= 0 || text.IndexOf('}') != text.Length - 1)
        {
            why = $"'{text}' is not of the form {{name}}, {{name:type}} or {{*name}}";
            return false;
        }

        var inner = text[1..^1];
        var kind = SegmentKind.Any;
        if (inner.StartsWith('*'))
        {
            if (!isLast)
            {
                why = $"'{text}' takes the rest of the path, so it must be the last segment";
                return false;
            }
            (kind, inner) = (SegmentKind.CatchAll, inner[1..]);
        }
        else if (inner.IndexOf(':') is var colon and >= 0)
        {
            SegmentKind? typed = inner[(colon + 1)..] switch
            {
                "int" => SegmentKind.Int,
                "long" => SegmentKind.Long,
                "guid" => SegmentKind.Guid,
                "bool" => SegmentKind.Bool,
                "alpha" => SegmentKind.Alpha,
                _ => null,
            };
            if (typed is null)
            {
                why = $"'{inner[(colon + 1)..]}' is not a type; int, long, guid, bool and alpha are";
                return false;
            }
            (kind, inner) = (typed.Value, inner[..colon]);
        }
        if (inner.Length == 0 || !(char.IsAsciiLetter(inner[0]) || inner[0] == '_') || inner.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
        {
            why = $"'{text}' needs a name of letters, digits and '_', beginning with a letter or '_'";
            return false;
        }
        segment = new RouteSegment(kind, inner, []);
        return true;
    }
}
