using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using EdgeGw.Transport.Interop;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Transport;

/// <summary>A listening socket. Its loop only says that there may be connections; they are taken when they are asked for, and wait in the kernel's backlog until then.</summary>
internal sealed class EpollListener : IConnectionListener, IEventTarget
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly EpollLoop _loop;
    private readonly Func<EpollLoop> _next;
    private readonly PipeOptions _input;
    private readonly PipeOptions _output;
    private readonly ILogger _log;
    private readonly SlowReaders _slow;
    private readonly Readiness _readable = new();
    private readonly Lock _lock = new();
    private bool _isFailing;
    private bool _isUnbound;

    /// <summary>Takes over a socket that listens.</summary>
    public EpollListener(Socket socket, EndPoint endPoint, EpollLoop loop, Func<EpollLoop> next, PipeOptions input, PipeOptions output, ILogger log, SlowReaders slow)
    {
        (_socket, EndPoint, _loop, _next, _input, _output, _log, _slow) = (socket, endPoint, loop, next, input, output, log, slow);
        Socket = (int)socket.Handle;
        loop.Add(this);
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <inheritdoc/>
    public ulong Id { get; set; }

    /// <inheritdoc/>
    public int Socket { get; }

    /// <inheritdoc/>
    public void OnEvents(uint events) => _readable.Set();

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var accepted = TryAccept(out var remote);
            string? failure = null;
            switch (-accepted)
            {
                case <= 0:
                    if (Begin(accepted, remote, out failure) is { } connection)
                    {
                        _isFailing = false;
                        return connection;
                    }
                    break;
                case Errno.Again:
                    await _readable.WaitAsync().ConfigureAwait(false);
                    break;
                case Errno.NotConnected:
                    return null;
                case var error when !Errno.IsConnectionsOwn(error):
                    failure = $"accept4: errno {error}";
                    break;
            }
            if (failure is not null)
            {
                // Descriptors or memory have run out, mostly. Whatever it is, who gives up here never accepts again, and the kernel does not say when it is over.
                if (!_isFailing)
                {
                    _log.AcceptFails(failure);
                }
                _isFailing = true;
                await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_isUnbound)
            {
                return ValueTask.CompletedTask;
            }
            _isUnbound = true;
            _loop.Remove(this);
            _socket.Dispose();
        }
        _readable.Set();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();

    [SuppressMessage("Reliability", "CA2000", Justification = "Who accepts a connection disposes it.")]
    private EpollConnection? Begin(int socket, EndPoint? remote, out string? failure)
    {
        try
        {
            failure = null;
            var connection = new EpollConnection(_next(), socket, remote, _input, _output, _log, _slow);
            connection.Start();
            return connection;
        }
        catch (Exception e) when (e is IOException or OutOfMemoryException or ObjectDisposedException)
        {
            Sockets.Close(socket);
            failure = e.Message;
            return null;
        }
    }

    // Under the lock, for a descriptor that is closed meanwhile may be somebody else's at once.
    private int TryAccept(out EndPoint? remote)
    {
        remote = null;
        lock (_lock)
        {
            if (_isUnbound)
            {
                return -Errno.NotConnected;
            }
            Span<byte> address = stackalloc byte[Sockets.AddressBytes];
            var accepted = Sockets.Accept(Socket, address, out var length);
            if (accepted >= 0)
            {
                remote = SocketAddress.Read(address[..Math.Min(length, address.Length)]);
            }
            return accepted;
        }
    }
}
