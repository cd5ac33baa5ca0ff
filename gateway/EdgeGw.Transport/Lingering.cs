using EdgeGw.Transport.Interop;

namespace EdgeGw.Transport;

/// <summary>How a connection ends on this side without a reset: the socket is closed only after the peer has ended too. A socket closed with bytes unread, or one that gets more later, answers
/// with a reset, and that takes away what the peer has not read yet, such as a GOAWAY.</summary>
internal sealed class Lingering
{
    // More than a client can have sent in good faith while the end was on its way to it.
    private const int MaxDiscarded = 1024 * 1024;

    private TimeSpan _bound;
    private volatile bool _hasBegun;

    /// <summary>Whether connections linger.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Connections that end from now on linger, each for so long at most.</summary>
    public void Begin(TimeSpan bound)
    {
        _bound = bound;
        _hasBegun = true;
    }

    /// <summary>Drops what comes until the peer ends, or the time is over. Nobody else may wait for the socket.</summary>
    public async Task UntilPeerEndsAsync(int socket, Readiness readable)
    {
        var isOver = false;
        var left = MaxDiscarded;
        using var timer = new Timer(
            _ =>
            {
                Volatile.Write(ref isOver, true);
                readable.Set();
            },
            null,
            _bound,
            Timeout.InfiniteTimeSpan);
        while (!Volatile.Read(ref isOver) && MayComeMore(socket, ref left))
        {
            await readable.WaitAsync().ConfigureAwait(false);
        }
    }

    private static bool MayComeMore(int socket, ref int left)
    {
        Span<byte> dropped = stackalloc byte[4096];
        while (left > 0)
        {
            var received = Sockets.Receive(socket, dropped);
            if (received <= 0 && received != -Errno.Interrupted)
            {
                return received == -Errno.Again;
            }
            left -= Math.Max(0, received);
        }
        return false;
    }
}
