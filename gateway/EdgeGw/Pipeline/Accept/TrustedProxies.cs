using System.Net;

namespace EdgeGw.Pipeline.Accept;

/// <summary>Finds the client behind trusted proxies: <c>Forwarded</c> (RFC 7239) before <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>. Only headers that a trusted proxy can
/// have written are believed: the list is read from its end, and reading stops at the first address that is not trusted.</summary>
internal sealed class TrustedProxies
{
    private readonly IPNetwork[] _networks;

    /// <summary>Reads addresses and networks; the configuration has checked them.</summary>
    public TrustedProxies(IEnumerable<string> trusted) =>
        _networks = [.. trusted.Select(t => IPNetwork.TryParse(t, out var network) ? network : Single(IPAddress.Parse(t)))];

    /// <summary>Whether anybody is trusted at all.</summary>
    public bool Any => _networks.Length > 0;

    /// <summary>Whether headers from this address are believed.</summary>
    public bool Trusts(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The client's address and scheme, from the peer and the forwarded headers; <paramref name="scheme"/> is left alone when no header says otherwise.</summary>
    public IPAddress Resolve(IPAddress peer, string? forwarded, string? forwardedFor, string? forwardedProto, ref string scheme)
    {
        if (!Trusts(peer))
        {
            return peer;
        }
        return forwarded is not null ? FromForwarded(peer, forwarded, ref scheme) : FromLists(peer, forwardedFor, forwardedProto, ref scheme);
    }

    private IPAddress FromForwarded(IPAddress peer, string header, ref string scheme)
    {
        var client = peer;
        var elements = header.Split(',');
        for (var i = elements.Length - 1; i >= 0 && Trusts(client); i--)
        {
            IPAddress? address = null;
            string? proto = null;
            foreach (var pair in elements[i].Split(';'))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                if (equals < 0)
                {
                    continue;
                }
                var name = pair.AsSpan(0, equals).Trim();
                var value = pair.AsSpan(equals + 1).Trim().Trim('"');
                if (name.Equals("for", StringComparison.OrdinalIgnoreCase))
                {
                    address = TryParseNode(value, out var node) ? node : null;
                }
                else if (name.Equals("proto", StringComparison.OrdinalIgnoreCase))
                {
                    proto = AsScheme(value);
                }
            }
            scheme = proto ?? scheme;
            if (address is null)
            {
                break; // hidden or obfuscated: nothing beyond it can be checked
            }
            client = address;
        }
        return client;
    }

    private IPAddress FromLists(IPAddress peer, string? forwardedFor, string? forwardedProto, ref string scheme)
    {
        var client = peer;
        var taken = 0;
        var addresses = forwardedFor?.Split(',') ?? [];
        for (var i = addresses.Length - 1; i >= 0 && Trusts(client) && TryParseNode(addresses[i].AsSpan().Trim(), out var address); i--)
        {
            client = address!;
            taken++;
        }
        if (forwardedProto is not null)
        {
            var schemes = forwardedProto.Split(',');
            var index = Math.Max(0, schemes.Length - Math.Max(taken, 1));
            scheme = AsScheme(schemes[index].AsSpan().Trim()) ?? scheme;
        }
        return client;
    }

    // RFC 7239, section 6: an IPv4 address, an IPv6 address in brackets, either with a port; anything else ("unknown", "_x") names nobody.
    private static bool TryParseNode(ReadOnlySpan<char> node, out IPAddress? address)
    {
        if (node.StartsWith("["))
        {
            var close = node.IndexOf(']');
            address = null;
            return close > 0 && IPAddress.TryParse(node[1..close], out address);
        }
        var colon = node.IndexOf(':');
        if (colon >= 0 && node.LastIndexOf(':') == colon)
        {
            node = node[..colon];
        }
        return IPAddress.TryParse(node, out address) && (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || node.Count('.') == 3);
    }

    private static string? AsScheme(ReadOnlySpan<char> value) =>
        value.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https" : value.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http" : null;

    private static IPNetwork Single(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);
}
