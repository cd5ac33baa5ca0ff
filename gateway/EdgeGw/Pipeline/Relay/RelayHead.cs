using System.Diagnostics;
using System.Globalization;
using System.Net;
using EdgeGw.Pipeline.Accept;

namespace EdgeGw.Pipeline.Relay;

/// <summary>What a request was where it came in, as the shared worker tells the isolated one.</summary>
/// <param name="Address">The client's, behind trusted proxies.</param>
/// <param name="Scheme">The client's, behind trusted proxies.</param>
/// <param name="Protocol">Between client and gateway.</param>
/// <param name="IsSecure">Whether the gateway itself was reached over TLS.</param>
internal sealed record RelayOrigin(IPAddress? Address, string Scheme, string Protocol, bool IsSecure);

/// <summary>The one header in which it is told. Believed only on the socket that is the two workers' own; a client's header of that name stops at the shared worker.</summary>
internal static class RelayHead
{
    /// <summary>The header.</summary>
    public const string Name = "Edgegw-Relay";

    /// <summary>The longest line of it, name and separators included.</summary>
    public const int MaxBytes = 320;

    private const int Parts = 6;

    /// <summary>Writes it: how long the request is under way in microseconds, protocol, whether over TLS, scheme, client, request id.</summary>
    public static string Write(Exchange exchange)
    {
        var (address, scheme) = Acceptance.Client(exchange);
        var age = Clock.ToMicroseconds(Stopwatch.GetTimestamp() - exchange.Started);
        return string.Create(CultureInfo.InvariantCulture,
            $"{age} {exchange.Request.Protocol} {(exchange.Request.Scheme.Length == 5 ? 1 : 0)} {scheme} {address?.ToString() ?? "-"} {exchange.RequestId}");
    }

    /// <summary>Takes it from the request; gives the request's id. Null when it is not there, as from curl, or cannot be read: the request is then one of its own.</summary>
    public static string? Take(Exchange exchange)
    {
        if (!exchange.Request.Headers.Remove(Name, out var values) || values.ToString().Split(' ') is not { Length: Parts } parts
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var age))
        {
            return null;
        }
        exchange.CameFrom(new RelayOrigin(IPAddress.TryParse(parts[4], out var address) ? address : null, parts[3], parts[1], parts[2] == "1"), age);
        return parts[5];
    }
}
