using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGw.Transport;

/// <summary>Socket addresses as the kernel writes them (ip(7), ipv6(7), unix(7)).</summary>
internal static class SocketAddress
{
    private const int Unix = 1; // AF_UNIX
    private const int InternetV4 = 2; // AF_INET
    private const int InternetV6 = 10; // AF_INET6

    /// <summary>The end point that an address stands for; null when there is none, as for most clients of Unix sockets.</summary>
    public static EndPoint? Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < 2)
        {
            return null;
        }
        switch (BitConverter.ToUInt16(address))
        {
            case InternetV4 when address.Length >= 8:
                return new IPEndPoint(new IPAddress(address.Slice(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
            case InternetV6 when address.Length >= 28:
                return new IPEndPoint(new IPAddress(address.Slice(8, 16), BitConverter.ToUInt32(address[24..])), BinaryPrimitives.ReadUInt16BigEndian(address[2..]));
            case Unix when address.Length > 2 && address[2] != 0:
                var path = address[2..];
                return new UnixDomainSocketEndPoint(Encoding.UTF8.GetString(path.IndexOf((byte)0) is var end && end >= 0 ? path[..end] : path));
            default:
                return null;
        }
    }
}
