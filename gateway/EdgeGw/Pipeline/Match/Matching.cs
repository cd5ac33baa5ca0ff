using EdgeGw.Pipeline.Accept;

namespace EdgeGw.Pipeline.Match;

/// <summary>Finds the route of a request.</summary>
internal static class Matching
{
    /// <summary>Sets the exchange's route and its path parameters.</summary>
    public static bool TryMatch(Exchange exchange, EpochState epoch)
    {
        Span<SegmentRange> parameters = stackalloc SegmentRange[RoutePattern.MaxParameters];
        var path = exchange.Memory.Fields.Path;
        var host = epoch.Table.UsesHosts ? Acceptance.Host(exchange) : default;
        var route = epoch.Table.Find(host, exchange.Request.Method, path.AsSpan(), exchange.Segments.AsSpan(0, exchange.SegmentCount), parameters, out var count);
        exchange.Route = route;
        if (route is null)
        {
            return false;
        }
        exchange.Memory.SetPath(path, parameters[..count]);
        return true;
    }
}
