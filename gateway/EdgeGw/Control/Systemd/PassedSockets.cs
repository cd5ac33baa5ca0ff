using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeGw.Interop;

namespace EdgeGw.Control.Systemd;

/// <summary>The sockets that systemd has opened for this process and holds open while it restarts (sd_listen_fds(3), systemd.socket(5)). Those that are not taken are closed at the end.</summary>
internal sealed class PassedSockets : IDisposable
{
    private const int First = 3; // SD_LISTEN_FDS_START

    private readonly List<(Socket Socket, string Name)> _left = [];

    private PassedSockets()
    {
    }

    /// <summary>How many were passed and not taken.</summary>
    internal int Count => _left.Count;

    /// <summary>Takes over what the variables name; none when they are another process's. Throws <see cref="ControlStartException"/> with a sentence. At most once in a process.</summary>
    internal static PassedSockets Receive(Func<string, string?> environment, int processId)
    {
        var passed = new PassedSockets();
        if (environment("LISTEN_PID") != processId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(environment("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return passed;
        }
        var names = (environment("LISTEN_FDNAMES") ?? "").Split(':');
        try
        {
            for (var i = 0; i < count; i++)
            {
                passed.Add(First + i, i < names.Length && names[i].Length > 0 ? names[i] : "unknown");
            }
            return passed;
        }
        catch
        {
            passed.Dispose();
            throw;
        }
    }

    /// <summary>The one that listens on this address, or null. The caller owns it.</summary>
    internal Socket? Take(IPAddress address, int port)
    {
        var at = _left.FindIndex(one => one.Socket.LocalEndPoint is IPEndPoint local && local.Port == port && local.Address.Equals(address));
        if (at < 0)
        {
            return null;
        }
        var (socket, _) = _left[at];
        _left.RemoveAt(at);
        return socket;
    }

    /// <summary>Throws when one is left: its clients would wait for an answer that nobody gives.</summary>
    internal void RequireNoneLeft(string option)
    {
        if (_left is [var (socket, name), ..])
        {
            throw new ControlStartException(
                $"systemd passed a socket on {socket.LocalEndPoint} ({name}), where the gateway is not told to listen; add that address to Listen ({option}), or take it out of the socket unit.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.ForEach(one => one.Socket.Dispose());
        _left.Clear();
    }

    private void Add(int descriptor, string name)
    {
        Socket socket;
        try
        {
            socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        }
        catch (SocketException e)
        {
            throw new ControlStartException($"systemd passed descriptor {descriptor} ({name}), which is no socket that can be used ({e.Message}); the gateway takes TCP sockets alone.");
        }
        _left.Add((socket, name));
        // Workers get it when they are meant to; nothing else that is started does.
        ControlDescriptors.SetInheritable(socket.SafeHandle, false);
        if (socket is not { SocketType: SocketType.Stream, LocalEndPoint: IPEndPoint })
        {
            throw new ControlStartException($"systemd passed a socket ({name}) that is not a TCP socket; the gateway takes those alone (ListenStream= with a port).");
        }
    }
}
