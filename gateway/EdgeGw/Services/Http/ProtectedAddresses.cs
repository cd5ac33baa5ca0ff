using System.Net;
using System.Net.Sockets;

namespace EdgeGw.Services.Http;

/// <summary>Addresses that give secrets to whoever can connect: link-local networks, and where clouds serve a machine's credentials.</summary>
internal static class ProtectedAddresses
{
    // Outside the link-local networks: AWS (instance metadata, credentials of pods), Google, Scaleway, Alibaba, Azure's host, Oracle.
    private static readonly HashSet<IPAddress> s_metadata =
    [
        IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd00:ec2::23"), IPAddress.Parse("fd20:ce::254"), IPAddress.Parse("fd00:42::42"),
        IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("192.0.0.192"),
    ];

    // An IPv4 address in its last four bytes, translated on the way (RFC 6052).
    private static readonly byte[] s_translated = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Whether an address is one of them.</summary>
    public static bool Contains(IPAddress address)
    {
        var plain = Plain(address);
        var bytes = plain.GetAddressBytes();
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? bytes is [169, 254, ..] || s_metadata.Contains(plain)
            : plain.IsIPv6LinkLocal || s_metadata.Contains(plain);
    }

    /// <summary>An address without a scope, and as IPv4 where it stands for one.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address;
        }
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }
        var bytes = address.GetAddressBytes();
        return new IPAddress(bytes.AsSpan().StartsWith(s_translated) ? bytes.AsSpan(s_translated.Length) : bytes);
    }
}
