using EdgeGw.Cli.Admin;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Cli.Output;

/// <summary>The URL at which a route can be tried from this machine.</summary>
internal static class RouteUrl
{
    /// <summary>The first listener's scheme and port, the route's host (the listener's when it takes any), and the pattern.</summary>
    public static string Of(RouteReply route, IReadOnlyList<string> listen)
    {
        if (listen.Count == 0 || !TryParse(listen[0], out var address))
            return route.Host == "*" ? route.Pattern : route.Host + route.Pattern;
        var host = route.Host != "*" ? route.Host : address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}{route.Pattern}";
    }

    private static bool TryParse(string url, out BindingAddress address)
    {
        try
        {
            address = BindingAddress.Parse(url);
            return true;
        }
        catch (FormatException)
        {
            address = null!;
            return false;
        }
    }
}
