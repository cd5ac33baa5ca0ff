using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Control.Contracts;

/// <summary>A route as it is served: the manifest's with what its deploy said.</summary>
internal sealed record ServedRoute(string Host, string Method, RoutePattern Pattern, ManifestRoute Declared, EpochLimits Given)
{
    /// <summary>Equal for routes that match the same requests.</summary>
    internal (string Host, string Method, string Shape) Key => (Host, Method, Pattern.Shape);

    /// <summary>The route of a deployment; null when its pattern is not one, which validation says elsewhere.</summary>
    internal static ServedRoute? From(EpochHandler handler, ManifestRoute route) =>
        RoutePattern.TryParse(handler.Prefix + route.Pattern, out var pattern, out _)
            ? new ServedRoute((handler.Host ?? route.Host).ToLowerInvariant(), route.Method, pattern!, route, handler.Limits)
            : null;

    internal int DeadlineMs(LimitSettings limits) => Given.DeadlineMs ?? Declared.DeadlineMs ?? limits.DeadlineMs;

    internal long MaxBodyBytes(LimitSettings limits) => Given.MaxBodyBytes ?? Declared.MaxBodyBytes ?? limits.MaxBodyBytes;

    internal int Concurrency(LimitSettings limits) => Given.Concurrency ?? Declared.Concurrency ?? limits.RouteConcurrency;

    /// <summary>Whether it matches every request that another one matches.</summary>
    internal bool Covers(ServedRoute other) =>
        (Method == "*" || Method == other.Method || (Method == "GET" && other.Method == "HEAD"))
        && (Host == "*" || Host == other.Host || (Host.StartsWith("*.", StringComparison.Ordinal) && other.Host.EndsWith(Host[1..], StringComparison.Ordinal)))
        && Covers(Pattern.Segments, other.Pattern.Segments);

    /// <inheritdoc/>
    public override string ToString() => Host == "*" ? $"{Method} {Pattern.Text}" : $"{Method} {Host}{Pattern.Text}";

    private static bool Covers(IReadOnlyList<RouteSegment> wide, IReadOnlyList<RouteSegment> narrow)
    {
        for (var i = 0; i < wide.Count; i++)
        {
            if (wide[i].Kind == SegmentKind.CatchAll)
            {
                return true; // the rest, an empty one too
            }
            if (i >= narrow.Count || !Covers(wide[i], narrow[i]))
            {
                return false;
            }
        }
        return wide.Count == narrow.Count;
    }

    private static bool Covers(RouteSegment wide, RouteSegment narrow) => wide.Kind switch
    {
        SegmentKind.Literal => narrow.Kind == SegmentKind.Literal && wide.Literal.AsSpan().SequenceEqual(narrow.Literal),
        SegmentKind.Any => narrow.Kind != SegmentKind.CatchAll,
        SegmentKind.Long => narrow.Kind is SegmentKind.Long or SegmentKind.Int,
        SegmentKind.Alpha => narrow.Kind is SegmentKind.Alpha or SegmentKind.Bool,
        _ => narrow.Kind == wide.Kind,
    };
}
