using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Supervision;

/// <summary>A listening URL as configured: <c>http</c> or <c>https</c>; an IP address, <c>localhost</c> or <c>*</c>; a port, 0 for a free one.</summary>
internal sealed record ListenAddress(string Scheme, string Host, int Port)
{
    /// <summary>Parses a URL; throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal static ListenAddress Parse(string url, string setting)
    {
        BindingAddress parsed;
        try
        {
            parsed = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw Invalid(url, setting, "it is not a URL such as http://127.0.0.1:8080");
        }
        var scheme = parsed.Scheme.ToLowerInvariant();
        if (scheme is not ("http" or "https") || parsed.IsUnixPipe || parsed.IsNamedPipe)
        {
            throw Invalid(url, setting, "only http:// and https:// are served");
        }
        if (parsed.PathBase.Length > 0)
        {
            throw Invalid(url, setting, "it must not have a path");
        }
        var host = parsed.Host == "+" ? "*" : parsed.Host.ToLowerInvariant();
        if (host is not ("*" or "localhost") && !IPAddress.TryParse(host, out _))
        {
            throw Invalid(url, setting, $"'{host}' must be an IP address, localhost or *");
        }
        return parsed.Port is >= 0 and <= ushort.MaxValue
            ? new ListenAddress(scheme, host, parsed.Port)
            : throw Invalid(url, setting, "the port must be 0 to 65535");
    }

    /// <summary>The addresses to bind, and whether each may be missing on this machine.</summary>
    internal IReadOnlyList<(IPAddress Address, bool Optional)> Addresses() => Host switch
    {
        "*" => [(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, false)],
        "localhost" when Socket.OSSupportsIPv6 => [(IPAddress.Loopback, false), (IPAddress.IPv6Loopback, true)],
        "localhost" => [(IPAddress.Loopback, false)],
        _ => [(IPAddress.Parse(Host), false)],
    };

    /// <summary>The URL of one socket of it, as the worker is told.</summary>
    internal string UrlOf(IPAddress address, int port) =>
        Host == "*" ? Url(Scheme, "*", port) : Url(Scheme, address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString(), port);

    /// <summary>The URL for people, with the port that it got.</summary>
    internal string UrlWith(int port) => Url(Scheme, Host, port);

    private static string Url(string scheme, string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{port}");

    private static ControlStartException Invalid(string url, string setting, string why) => new($"The {setting} address '{url}' is not valid: {why}.");
}
