using System.Net.Sockets;
using EdgeGw.Interop;
using EdgeGw.Logging;

namespace EdgeGw.Worker;

/// <summary>Hands the listening sockets to whoever connects to a Unix socket in the state directory: a new control, after the one that opened them was killed.</summary>
internal sealed class DescriptorServer : IDisposable
{
    private readonly Socket _listener;
    private readonly string _path;
    private readonly int[] _descriptors;
    private readonly LogHub _log;

    /// <summary>Begins to listen.</summary>
    public DescriptorServer(string path, IReadOnlyList<InheritedListener> listeners, LogHub log)
    {
        _path = path;
        _log = log;
        _descriptors = [.. listeners.Select(l => l.Descriptor)];
        File.Delete(path);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        _listener.Listen(1);
        _ = AcceptAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                using var peer = await _listener.AcceptAsync().ConfigureAwait(false);
                DescriptorPassing.Send(peer, _descriptors);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                return;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                _log.Write(Level.Warning, "worker", $"The listening sockets could not be handed over: {e.Message}");
            }
        }
    }
}
