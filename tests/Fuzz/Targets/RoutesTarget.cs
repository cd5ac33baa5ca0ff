using System.Text;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A table of routes and requests for it, a line each (<c>GET host /pattern</c>, an empty line, <c>GET host /target</c>): what the trie finds is what comes from trying every route in the order of docs/routing.md.</summary>
internal static class RoutesTarget
{
    private const int MaxLines = 24;

    private sealed record Route(string Method, string Host, RoutePattern Pattern);

    internal static void Run(byte[] input)
    {
        var halves = Encoding.Latin1.GetString(input).Split("\n\n", 2);
        if (halves.Length < 2)
        {
            return;
        }
        var table = new RouteTable<Route>();
        var routes = new List<Route>();
        foreach (var words in Lines(halves[0]))
        {
            if (RoutePattern.TryParse(words[2], out var pattern, out var error))
            {
                var route = new Route(words[0], words[1].ToLowerInvariant(), pattern!);
                var isNew = !routes.Any(known => (known.Method, known.Host, known.Pattern.Shape) == (route.Method, route.Host, pattern!.Shape));
                FuzzFindingException.ThrowUnless(table.TryAdd(route.Host, route.Method, pattern!, route) == isNew, "the table and the shapes do not agree on what conflicts");
                if (isNew)
                {
                    routes.Add(route);
                }
            }
            else
            {
                FuzzFindingException.ThrowUnless(!string.IsNullOrEmpty(error), "a pattern refused without a reason");
            }
        }
        foreach (var words in Lines(halves[1]))
        {
            Request(table, routes, words[0], words[1], words[2]);
        }
    }

    private static IEnumerable<string[]> Lines(string text) => text.Split('\n').Take(MaxLines).Select(line => line.Split(' ', 3)).Where(words => words.Length == 3 && words[0].Length > 0 && words[1].Length > 0);

    private static void Request(RouteTable<Route> table, List<Route> routes, string method, string host, string target)
    {
        var path = new byte[Math.Max(target.Length, 1)];
        var ranges = new SegmentRange[TargetParser.MaxSegments];
        if (target.Length > 8_192 || TargetParser.Parse(target, path, ranges, out var length, out var count, out _) != TargetError.None)
        {
            return;
        }
        Span<SegmentRange> parameters = stackalloc SegmentRange[RoutePattern.MaxParameters];
        var bytes = path.AsSpan(0, length);
        var found = table.Find(host, method, bytes, ranges.AsSpan(0, count), parameters, out var parameterCount);
        FuzzFindingException.ThrowUnless(parameterCount == (found?.Pattern.ParameterNames.Count ?? 0), "as many values as names");
        var segments = Enumerable.Range(0, count).Select(i => path[ranges[i].Start..(ranges[i].Start + ranges[i].Length)]).ToArray();
        var expected = Best(routes, method, host, segments);
        FuzzFindingException.ThrowUnless(found == expected, $"{method} {host} {target} finds {found?.ToString() ?? "nothing"} instead of {expected?.ToString() ?? "nothing"}");
        // Every method it would answer there is among those of the path.
        var methods = table.MethodsOf(host, bytes, ranges.AsSpan(0, count));
        FuzzFindingException.ThrowUnless(found is null || found.Method == "*" || methods.Contains(found.Method), "found by a method that the path does not have");
    }

    // The hosts from the most exact to any; in each, the routes in the order of their patterns; a route of any method after one of this method.
    private static Route? Best(List<Route> routes, string method, string host, byte[][] path)
    {
        var hosts = routes.Select(route => route.Host).Distinct().Where(known => FitsHost(known, host))
            .OrderByDescending(known => known == "*" ? 0 : known.StartsWith("*.", StringComparison.Ordinal) ? known.Length : int.MaxValue);
        foreach (var known in hosts)
        {
            var fitting = routes.Where(route => route.Host == known && FitsMethod(route, method, routes.Where(other => other.Host == known && other.Pattern.Shape == route.Pattern.Shape)) && Fits(route.Pattern, path)).ToList();
            fitting.Sort((a, b) => Compare(a.Pattern, b.Pattern) is var order and not 0 ? order : MethodRank(a.Method, method) - MethodRank(b.Method, method));
            if (fitting.Count > 0)
            {
                return fitting[0];
            }
        }
        return null;
    }

    private static bool FitsHost(string known, string host) =>
        known == "*" || known.Equals(host, StringComparison.OrdinalIgnoreCase)
        || (known.StartsWith("*.", StringComparison.Ordinal) && host.Length > known.Length - 1 && host.EndsWith(known[1..], StringComparison.OrdinalIgnoreCase));

    private static bool FitsMethod(Route route, string method, IEnumerable<Route> sameShape) =>
        route.Method == method || route.Method == "*" || (method == "HEAD" && route.Method == "GET" && !sameShape.Any(other => other.Method == "HEAD"));

    private static int MethodRank(string route, string method) => route == method ? 0 : route == "*" ? 2 : 1;

    private static int Compare(RoutePattern a, RoutePattern b)
    {
        for (var i = 0; ; i++)
        {
            // The end of a pattern comes before a catch-all that takes nothing.
            var (left, right) = (i < a.Segments.Count ? (int)a.Segments[i].Kind : -1, i < b.Segments.Count ? (int)b.Segments[i].Kind : -1);
            if (left != right || left < 0)
            {
                return left - right;
            }
        }
    }

    private static bool Fits(RoutePattern pattern, byte[][] path)
    {
        for (var i = 0; i < pattern.Segments.Count; i++)
        {
            var segment = pattern.Segments[i];
            if (segment.Kind == SegmentKind.CatchAll)
            {
                return true;
            }
            if (i >= path.Length || !Fits(segment, path[i]))
            {
                return false;
            }
        }
        return pattern.Segments.Count == path.Length;
    }

    private static bool Fits(RouteSegment segment, byte[] given)
    {
        var text = Encoding.Latin1.GetString(given);
        return segment.Kind switch
        {
            SegmentKind.Literal => given.AsSpan().SequenceEqual(segment.Literal),
            SegmentKind.Int => IsNumber(text) && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
            SegmentKind.Long => IsNumber(text) && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
            SegmentKind.Guid => text.Length == 36 && text.All(char.IsAscii) && Guid.TryParseExact(text, "D", out _),
            SegmentKind.Bool => text is "true" or "false",
            SegmentKind.Alpha => text.Length > 0 && text.All(char.IsAsciiLetter),
            _ => text.Length > 0,
        };
    }

    private static bool IsNumber(string text) => text.TrimStart('+', '-') is { Length: > 0 } digits && text.Length - digits.Length <= 1 && digits.All(char.IsAsciiDigit);
}
