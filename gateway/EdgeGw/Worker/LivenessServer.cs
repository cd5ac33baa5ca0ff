using System.Net.Sockets;

namespace EdgeGw.Worker;

/// <summary>Answers control's question whether this worker lives, on a Unix socket and a thread of its own: handlers that hold the whole thread pool do not make a worker whose event loops go
/// round look dead. One byte, once they have; the connection's end without one, when they have not.</summary>
internal sealed class LivenessServer : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;
    private readonly Func<TimeSpan, bool> _goesRound;
    private volatile bool _ended;

    /// <summary>Begins to answer; <paramref name="goesRound"/> blocks for at most the time that it is given.</summary>
    public LivenessServer(string path, Func<TimeSpan, bool> goesRound)
    {
        _path = path;
        _goesRound = goesRound;
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        _listener.Listen(4);
        new Thread(Answer, 256 * 1024) { IsBackground = true, Name = "liveness" }.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended = true;
        _listener.Dispose();
        File.Delete(_path);
    }

    private void Answer()
    {
        while (!_ended)
        {
            try
            {
                using var asker = _listener.Accept();
                if (_goesRound(s_patience))
                {
                    asker.Send([1]);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Who asked has gone, or it is the end. Out of descriptors it would come back at once and again.
                Thread.Sleep(1);
            }
        }
    }
}
