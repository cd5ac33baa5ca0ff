using System.Net;
using System.Net.Sockets;
using EdgeGw.Control.Systemd;

namespace EdgeGw.Control.Supervision;

/// <summary>One listening socket and the URL that the worker is told for it.</summary>
internal sealed record ListenSocket(Socket Socket, string Url);

/// <summary>The listening sockets. Control holds them open and accepts nothing on them: while a worker is replaced, clients wait in the backlog.</summary>
internal sealed class ListenSockets : IDisposable
{
    internal const int Backlog = 1024;
    private const int SolSocket = 1;
    private const int ReuseAddress = 2;

    private ListenSockets(IReadOnlyList<ListenSocket> sockets, IReadOnlyList<string> urls)
    {
        Sockets = sockets;
        Urls = urls;
    }

    /// <summary>The sockets, in the order in which the worker gets them.</summary>
    internal IReadOnlyList<ListenSocket> Sockets { get; }

    /// <summary>The configured URLs with the ports in use.</summary>
    internal IReadOnlyList<string> Urls { get; }

    /// <summary>Binds and listens; <paramref name="option"/> is the switch that says where. What <paramref name="passed"/> has is taken instead of bound, and all of it must be wanted.
    /// Throws <see cref="ControlStartException"/> with a sentence.</summary>
    internal static ListenSockets Bind(IReadOnlyList<ListenAddress> addresses, string option, PassedSockets? passed = null)
    {
        var sockets = new List<ListenSocket>();
        var urls = new List<string>();
        try
        {
            foreach (var address in addresses)
            {
                var port = address.Port;
                foreach (var (ip, optional) in address.Addresses())
                {
                    if ((passed?.Take(ip, port) ?? TryBind(address, ip, port, optional, option)) is { } socket)
                    {
                        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
                        sockets.Add(new ListenSocket(socket, address.UrlOf(ip, port)));
                    }
                }
                urls.Add(address.UrlWith(port));
            }
            passed?.RequireNoneLeft(option);
            return new ListenSockets(sockets, urls);
        }
        catch
        {
            sockets.ForEach(s => s.Socket.Dispose());
            throw;
        }
    }

    /// <summary>Takes over the sockets of a worker that listened on <paramref name="listen"/>, when these are just what is configured; null, and the
    /// sockets are closed, when they are not.</summary>
    internal static ListenSockets? Adopt(IReadOnlyList<ListenAddress> addresses, IReadOnlyList<string> listen, IReadOnlyList<SafeSocketHandle> handles)
    {
        if (handles.Count == listen.Count && Match(addresses, listen) is { } urls)
        {
            return new ListenSockets([.. handles.Zip(listen, (handle, url) => new ListenSocket(new Socket(handle), url))], urls);
        }
        foreach (var handle in handles)
        {
            handle.Dispose();
        }
        return null;
    }

    /// <summary>The configured URLs with the ports in use, when sockets on <paramref name="listen"/> are just what is configured; else null.</summary>
    internal static IReadOnlyList<string>? Match(IReadOnlyList<ListenAddress> addresses, IReadOnlyList<string> listen)
    {
        var urls = new List<string>();
        var next = 0;
        foreach (var address in addresses)
        {
            var port = address.Port;
            foreach (var (ip, optional) in address.Addresses())
            {
                var candidate = next < listen.Count && BindingPort(listen[next]) is var used && (port == 0 || port == used) && listen[next] == address.UrlOf(ip, used) ? used : 0;
                if (candidate != 0)
                {
                    port = candidate;
                    next++;
                }
                else if (!optional)
                {
                    return null;
                }
            }
            urls.Add(address.UrlWith(port));
        }
        return next == listen.Count ? urls : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var socket in Sockets)
        {
            socket.Socket.Dispose();
        }
    }

    private static int BindingPort(string url) => Microsoft.AspNetCore.Http.BindingAddress.Parse(url).Port;

    private static Socket? TryBind(ListenAddress address, IPAddress ip, int port, bool optional, string option)
    {
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Not SocketOptionName.ReuseAddress, which sets SO_REUSEPORT as well and would hide that the port is taken.
            socket.SetRawSocketOption(SolSocket, ReuseAddress, BitConverter.GetBytes(1));
            if (ip.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = ip.Equals(IPAddress.IPv6Any);
            }
            socket.Bind(new IPEndPoint(ip, port));
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            if (optional && e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
            {
                return null;
            }
            throw new ControlStartException($"Cannot listen on {address.UrlWith(port)}: {Reason(e, option)}.");
        }
    }

    private static string Reason(SocketException error, string option) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"the port is taken by another program; stop that one, or choose another address with {option}",
        SocketError.AccessDenied => $"ports below 1024 need the capability CAP_NET_BIND_SERVICE; grant it, or choose a higher port with {option}",
        SocketError.AddressNotAvailable => $"this machine has no such address; choose another with {option}",
        _ => error.Message,
    };
}
