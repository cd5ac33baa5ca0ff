using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Transport;

/// <summary>A transport for Kestrel on Linux that runs to completion: one thread waits for a socket, receives, runs whatever reads the connection and sends, without a hop to another.
/// Where a handler blocks, its loop is handed to another thread. For other systems there is Kestrel's own transport.</summary>
public sealed class EpollTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector, IAsyncDisposable
{
    private readonly EpollTransportOptions _options;
    private readonly ILogger _log;
    private readonly EpollLoop[] _loops;
    private readonly LoopWatch _watch;
    private readonly SlowReaders _slow;
    private readonly BlockPool _pool;
    private readonly Lock _beating = new();
    private readonly Lingering _lingering = new();
    private uint _next;
    private bool _started;

    /// <summary>Prepares the loops; their threads start with the first listener. Throws <see cref="IOException"/> where the system has no room for them.</summary>
    public EpollTransport(EpollTransportOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        _options = options;
        _log = loggers.CreateLogger("EdgeGw.Transport");
        _loops = new EpollLoop[options.Loops];
        for (var i = 0; i < _loops.Length; i++)
        {
            _loops[i] = new EpollLoop(_log);
        }
        _slow = new SlowReaders(options.SlowReaderWindow, options.MinSendBytesPerSecond);
        _watch = new LoopWatch(_loops, options, _log);
        _pool = new BlockPool(options.MaxPooledBytes);
    }

    /// <summary>How often a loop was handed to another thread because something blocked it.</summary>
    public long HandOvers => _watch.HandOvers;

    /// <summary>How often a loop stayed blocked because <see cref="EpollTransportOptions.MaxThreads"/> had been reached.</summary>
    public long RefusedHandOvers => _watch.Refused;

    /// <summary>Whether only an eighth of the threads, or two for each loop, are left to take loops over: who would block one more should not begin.</summary>
    public bool IsShortOfThreads => _watch.IsShort;

    /// <summary>Connections reset because their peer took too little of what was sent (<see cref="EpollTransportOptions.MinSendBytesPerSecond"/>).</summary>
    public long SlowReaders => _slow.Count;

    /// <summary>Threads of the loops, and those that are inside something that blocks.</summary>
    public int Threads => _watch.Threads;

    /// <summary>Whether every loop goes round within <paramref name="patience"/>; blocks until then. A loop whose thread is inside something that blocks goes round once another thread has taken it over.</summary>
    public bool LoopsGoRound(TimeSpan patience)
    {
        lock (_beating)
        {
            // Not disposed: a loop that comes round too late signals it all the same.
            var beat = new CountdownEvent(_loops.Length);
            foreach (var loop in _loops)
            {
                loop.Beat(beat);
            }
            return beat.Wait(patience);
        }
    }

    /// <summary>Threads that wait for a loop to take over.</summary>
    internal int Spares => _watch.Spares;

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint or FileHandleEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (!_started)
        {
            _started = true;
            _watch.Start();
        }
        var socket = Bind(endpoint);
        try
        {
            socket.Blocking = false;
            if (socket.ProtocolType == ProtocolType.Tcp)
            {
                // Accepted sockets inherit it: one system call less for each.
                socket.NoDelay = true;
                LimitUnsent(socket, _options.MaxUnsentBytes);
            }
            var listener = new EpollListener(
                socket, socket.LocalEndPoint ?? endpoint, _loops[0], () => _loops[Interlocked.Increment(ref _next) % (uint)_loops.Length],
                Inline(_options.MaxReadBufferSize), Inline(_options.MaxWriteBufferSize), _lingering, _log, _slow);
            return ValueTask.FromResult<IConnectionListener>(listener);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Goes on on the connection's loop. Kestrel begins with a connection on the thread pool, where a first request that has come already would be handled: a handler that blocks
    /// would hold a thread that nobody replaces at once. Does nothing for connections of other transports. Once for a connection.</summary>
    public static ValueTask EnterLoopAsync(ConnectionContext connection) => connection is EpollConnection own ? own.EnterLoopAsync() : ValueTask.CompletedTask;

    /// <summary>From now on a connection that ends in good order on this side waits a moment for the client's end: what the client had sent before it saw the end would otherwise be
    /// answered by a reset, which takes away what the client has not read yet.</summary>
    public void BeginLingering() => _lingering.Begin(_options.Linger);

    /// <summary>Ends the loops; connections must have ended before.</summary>
    public ValueTask DisposeAsync()
    {
        if (_started)
        {
            _watch.Stop();
        }
        else
        {
            foreach (var loop in _loops)
            {
                loop.Dispose();
            }
        }
        return ValueTask.CompletedTask;
    }

    private Socket Bind(EndPoint endpoint)
    {
        switch (endpoint)
        {
            case FileHandleEndPoint handle:
                // Listening already, and owned from now on.
                return new Socket(new SafeSocketHandle((nint)handle.FileHandle, ownsHandle: true));
            case IPEndPoint or UnixDomainSocketEndPoint:
                var socket = endpoint is IPEndPoint ? new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    if (endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
                    {
                        socket.DualMode = true;
                    }
                    socket.Bind(endpoint);
                    socket.Listen(_options.Backlog);
                    return socket;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                {
                    socket.Dispose();
                    throw new AddressInUseException(e.Message, e);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            default:
                throw new NotSupportedException($"{endpoint} is no end point that this transport can listen on.");
        }
    }

    // Inherited as well.
    private static void LimitUnsent(Socket socket, int bytes)
    {
        const int tcp = 6; // IPPROTO_TCP
        const int notSentLowWater = 25; // TCP_NOTSENT_LOWAT
        Span<byte> value = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(value, bytes == 0 ? -1 : bytes);
        socket.SetRawSocketOption(tcp, notSentLowWater, value);
    }

    // What was waited for goes on at once, on the thread that brought it.
    private PipeOptions Inline(long limit) =>
        new(_pool, PipeScheduler.Inline, PipeScheduler.Inline, limit, Math.Max(1, limit / 2), useSynchronizationContext: false);
}
