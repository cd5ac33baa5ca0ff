using System.Net.Sockets;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Control.Upgrading;

namespace EdgeGw.Control.Admin;

/// <summary>The Admin API's listening sockets: <c>control.sock</c>, and one over TCP when configured.</summary>
internal sealed class AdminSockets : IDisposable
{
    private const int Backlog = 512;

    private AdminSockets(Socket unix, ListenSockets? tcp) => (Unix, Tcp) = (unix, tcp);

    /// <summary>The one behind <c>control.sock</c>.</summary>
    internal Socket Unix { get; }

    /// <summary>The one over TCP.</summary>
    internal ListenSockets? Tcp { get; }

    /// <summary>Takes those that the program before in this process has left, or binds. Throws <see cref="ControlStartException"/> with a sentence, or what the system says of the Unix socket.</summary>
    internal static AdminSockets Open(StateDirectory state, ListenAddress? address, Succession? succession)
    {
        if (succession is not null)
        {
            return new AdminSockets(
                new Socket(ListenSockets.Inherited(succession.Control)),
                address is null ? null : ListenSockets.Adopt([address], succession.Admin) ?? ListenSockets.Bind([address], "--admin"));
        }
        var tcp = address is null ? null : ListenSockets.Bind([address], "--admin");
        var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // The lock is ours, so a socket that is there is a dead control's.
            File.Delete(state.ControlSocket);
            unix.Bind(new UnixDomainSocketEndPoint(state.ControlSocket));
            Files.SetMode(state.ControlSocket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            unix.Listen(Backlog);
            return new AdminSockets(unix, tcp);
        }
        catch
        {
            unix.Dispose();
            tcp?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unix.Dispose();
        Tcp?.Dispose();
    }
}
