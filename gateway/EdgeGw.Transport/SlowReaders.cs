using EdgeGw.Transport.Interop;

namespace EdgeGw.Transport;

/// <summary>The least that a peer must take of what is sent to it, while there is more than its connection has room for.</summary>
/// <param name="window">How long one look is from the next.</param>
/// <param name="bytesPerSecond">Bytes per second that it must have taken between two looks.</param>
internal sealed class SlowReaders(TimeSpan window, long bytesPerSecond)
{
    private readonly TimeSpan _window = window;
    private readonly long _leastBytes = (long)(bytesPerSecond * window.TotalSeconds);
    private long _count;

    /// <summary>Connections given up.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Begins to look after a socket that has no more room, until what is returned is disposed; <paramref name="giveUp"/> is called when its peer takes too little, and says whether it did.
    /// What the peer takes is seen in the kernel's own queue: room is reported by the third of a buffer, for which a slow peer that is alive may need minutes.</summary>
    public IDisposable Follow(int socket, Func<bool> giveUp) => new Follower(this, socket, giveUp);

    private sealed class Follower : IDisposable
    {
        private readonly SlowReaders _rule;
        private readonly int _socket;
        private readonly Func<bool> _giveUp;
        private readonly Lock _lock = new();
        private readonly Timer _timer;
        private int _queued;
        private bool _isOver;

        public Follower(SlowReaders rule, int socket, Func<bool> giveUp)
        {
            (_rule, _socket, _giveUp) = (rule, socket, giveUp);
            _queued = Sockets.Queued(socket);
            _timer = new Timer(static follower => ((Follower)follower!).Look(), this, rule._window, rule._window);
        }

        public void Dispose()
        {
            // After this nobody looks at the descriptor, which may be somebody else's soon.
            lock (_lock)
            {
                _isOver = true;
            }
            _timer.Dispose();
        }

        private void Look()
        {
            lock (_lock)
            {
                if (_isOver)
                {
                    return;
                }
                var queued = Sockets.Queued(_socket);
                var taken = _queued - queued;
                _queued = queued;
                if (taken >= _rule._leastBytes)
                {
                    return;
                }
                _isOver = true;
            }
            if (_giveUp())
            {
                Interlocked.Increment(ref _rule._count);
            }
        }
    }
}
