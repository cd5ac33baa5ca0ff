using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using EdgeGw.Transport.Interop;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Transport;

/// <summary>One connection. What arrives is read on its loop's thread, and whoever reads the pipe goes on right there: receive, parse, handler and send in one go, without a hop.
/// Writes go out on the thread that makes them.</summary>
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync does it.")]
internal sealed class EpollConnection : DefaultConnectionContext, IMemoryPoolFeature, IGatheredSendsFeature, IEventTarget
{
    // Less room than this left in a block is not worth a system call.
    private const int MinReceive = BlockPool.BlockBytes / 2;

    // Buffers filled one after the other before the loop's other connections have their turn: 64 KiB.
    private const int MaxFilled = 16;

    private static long s_last;

    private readonly EpollLoop _loop;
    private readonly int _socket;
    private readonly Lingering _lingering;
    private readonly ILogger _log;
    private readonly SlowReaders _slow;
    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly SendScheduler _sends = new();
    private readonly Readiness _readable = new();
    private readonly Readiness _writable = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _closedSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task _receiving = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;
    private Exception? _ended;
    private EndPoint? _local;
    private bool _localRead;
    private volatile LoopEntry? _entry;
    private volatile bool _peerEnded;
    private volatile bool _aborted;
    private volatile bool _lingers;
    private bool _isClosed;

    /// <summary>Takes over an accepted socket; nothing is received before <see cref="Start"/>.</summary>
    public EpollConnection(EpollLoop loop, int socket, EndPoint? remote, PipeOptions input, PipeOptions output, Lingering lingering, ILogger log, SlowReaders slow)
        : base(Interlocked.Increment(ref s_last).ToString("x", CultureInfo.InvariantCulture))
    {
        (_loop, _socket, _lingering, _log, _slow) = (loop, socket, lingering, log, slow);
        _input = new Pipe(input);
        _output = new Pipe(new PipeOptions(output.Pool, _sends, output.WriterScheduler, output.PauseWriterThreshold, output.ResumeWriterThreshold, output.MinimumSegmentSize, useSynchronizationContext: false));
        MemoryPool = input.Pool;
        Transport = new Duplex(_input.Reader, _output.Writer);
        RemoteEndPoint = remote;
        ConnectionClosed = _closed.Token;
        Features.Set<IMemoryPoolFeature>(this);
        Features.Set<IGatheredSendsFeature>(this);
    }

    /// <inheritdoc/>
    public ulong Id { get; set; }

    /// <inheritdoc/>
    public int Socket => _socket;

    /// <inheritdoc/>
    public MemoryPool<byte> MemoryPool { get; }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint
    {
        get
        {
            // Most connections are never asked.
            if (!_localRead)
            {
                Span<byte> address = stackalloc byte[Sockets.AddressBytes];
                lock (_lock)
                {
                    _local = !_isClosed && Sockets.LocalAddress(_socket, address) is var length && length > 0 ? SocketAddress.Read(address[..length]) : null;
                }
                _localRead = true;
            }
            return _local;
        }
        set => (_local, _localRead) = (value, true);
    }

    /// <summary>Begins to receive and to send. Throws <see cref="IOException"/> where its loop has no room for it; the socket is the caller's again then.</summary>
    public void Start()
    {
        _loop.Add(this);
        _receiving = ReceiveAsync();
        _sending = SendAsync();
    }

    /// <inheritdoc/>
    public void GatherSends() => _sends.Gather();

    /// <inheritdoc/>
    public void OnEvents(uint events)
    {
        const uint ended = Epoll.PeerEnded | Epoll.HangUp | Epoll.Error;
        if ((events & ended) != 0)
        {
            _peerEnded = true;
        }
        if ((events & (Epoll.Writable | Epoll.HangUp | Epoll.Error)) != 0)
        {
            _writable.Set();
        }
        if ((events & (Epoll.Readable | ended)) != 0)
        {
            _readable.Set();
        }
        _entry?.Enter();
    }

    /// <summary>Goes on on the loop's thread. Once for a connection.</summary>
    public ValueTask EnterLoopAsync()
    {
        _entry = new LoopEntry(this);
        return _entry.WaitAsync();
    }

    /// <summary>Has its state reported once more, after the events that wait already.</summary>
    public void Requeue()
    {
        lock (_lock)
        {
            // Another event may have brought it to its end meanwhile.
            if (!_isClosed)
            {
                _loop.Requeue(this);
            }
        }
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException? abortReason)
    {
        // Kestrel gives no reason when it is the client that has ended the connection: an orderly end is answered by one.
        End(abortReason ?? new ConnectionAbortedException("The client has ended the connection."), reset: abortReason is not null);
        // Not here: whoever aborts may hold locks that the reader and the writer want.
        ThreadPool.UnsafeQueueUserWorkItem(
            static connection =>
            {
                connection._output.Reader.CancelPendingRead();
                connection._writable.Set();
            },
            this,
            preferLocal: false);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync().ConfigureAwait(false);
        await Transport.Output.CompleteAsync().ConfigureAwait(false);
        // TLS may have put its own pipes in front.
        await _input.Reader.CompleteAsync().ConfigureAwait(false);
        await _output.Writer.CompleteAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        if (_lingers)
        {
            await _lingering.UntilPeerEndsAsync(_socket, _readable).ConfigureAwait(false);
        }
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }
            _isClosed = true;
            _loop.Remove(this);
            Sockets.Close(_socket);
        }
        _closed.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ReceiveAsync()
    {
        Exception? error = null;
        var writer = _input.Writer;
        try
        {
            var mayHaveMore = false;
            var filled = 0;
            while (true)
            {
                if (mayHaveMore && ++filled == MaxFilled)
                {
                    mayHaveMore = false;
                    Requeue();
                }
                if (!mayHaveMore)
                {
                    filled = 0;
                    await _readable.WaitAsync().ConfigureAwait(false);
                }
                if (_lingers)
                {
                    break; // this side has ended: nobody is there to read what still comes
                }
                var room = writer.GetMemory(MinReceive);
                var received = Sockets.Receive(_socket, room.Span);
                if (received > 0)
                {
                    writer.Advance(received);
                    // A buffer that was not filled has emptied the socket (epoll(7), question 9), unless its end is due.
                    mayHaveMore = received == room.Length || _peerEnded;
                    var flushed = writer.FlushAsync();
                    var result = flushed.IsCompletedSuccessfully ? flushed.Result : await flushed.ConfigureAwait(false);
                    if (result.IsCompleted || result.IsCanceled)
                    {
                        break;
                    }
                }
                else if (received == 0)
                {
                    break;
                }
                else if (received == -Errno.Again)
                {
                    mayHaveMore = false;
                }
                else if (received != -Errno.Interrupted)
                {
                    error = Errno.IsReset(-received) ? new ConnectionResetException("The client has reset the connection.") : new IOException($"The connection failed (errno {-received}).", -received);
                    break;
                }
            }
        }
        catch (Exception e)
        {
            error = e;
        }
        // Why this side ended it says more than what receiving came to afterwards.
        await writer.CompleteAsync(Volatile.Read(ref _ended) ?? error).ConfigureAwait(false);
        ThreadPool.UnsafeQueueUserWorkItem(
            static connection => connection.TellClosed(),
            this,
            preferLocal: false);
        await _closedSeen.Task.ConfigureAwait(false);
    }

    private void TellClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (AggregateException e)
        {
            // Thrown by those who asked to be told; here it would end the process.
            _log.CallbackFailed(e);
        }
        _closedSeen.SetResult();
    }

    private async Task SendAsync()
    {
        Exception? error = null;
        var reader = _output.Reader;
        try
        {
            while (true)
            {
                var read = reader.ReadAsync();
                var result = read.IsCompletedSuccessfully ? read.Result : await read.ConfigureAwait(false);
                if (result.IsCanceled || _aborted)
                {
                    break;
                }
                var bytes = result.Buffer;
                while (!bytes.IsEmpty)
                {
                    var sent = Sockets.Send(_socket, bytes);
                    if (sent >= 0)
                    {
                        bytes = bytes.Slice(sent);
                    }
                    else if (sent == -Errno.Again)
                    {
                        await HasRoomAsync().ConfigureAwait(false);
                    }
                    else if (sent != -Errno.Interrupted)
                    {
                        error = Errno.IsReset((int)-sent) ? new ConnectionResetException("The client has reset the connection.") : new IOException($"The connection failed (errno {-sent}).", (int)-sent);
                        break;
                    }
                    if (_aborted)
                    {
                        break;
                    }
                }
                reader.AdvanceTo(result.Buffer.End);
                if (error is not null || result.IsCompleted || _aborted)
                {
                    break;
                }
            }
        }
        catch (Exception e)
        {
            error = e;
        }
        End(error ?? new ConnectionAbortedException("The response has been sent and the connection is over."), reset: error is not null);
        await reader.CompleteAsync().ConfigureAwait(false);
        // A receiver that waits for its reader need not wait any more.
        _input.Writer.CancelPendingFlush();
    }

    private async Task HasRoomAsync()
    {
        using (_slow.Follow(_socket, GiveUp))
        {
            await _writable.WaitAsync().ConfigureAwait(false);
        }
    }

    // The peer does not read. False when the connection has ended meanwhile.
    private bool GiveUp()
    {
        var isFirst = End(new ConnectionAbortedException("The client takes too little of what is sent to it."), reset: true);
        _writable.Set();
        return isFirst;
    }

    // This side ends the connection; the first reason counts.
    private bool End(Exception reason, bool reset)
    {
        lock (_lock)
        {
            if (_isClosed || Interlocked.CompareExchange(ref _ended, reason, null) is not null)
            {
                return false;
            }
            if (reset)
            {
                // Not an orderly end: what the peer got is not the whole. At once, for whoever serves the connection may take its time, or never return.
                _aborted = true;
                Sockets.Reset(_socket);
            }
            else if (_lingering.HasBegun)
            {
                _lingers = true;
                Sockets.ShutdownWrite(_socket);
                // Unlike an end of both directions, this one brings no event that would wake the receiver. Not here, as in Abort.
                ThreadPool.UnsafeQueueUserWorkItem(static connection => connection._readable.Set(), this, preferLocal: false);
            }
            else
            {
                Sockets.ShutdownBoth(_socket);
            }
            return true;
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
