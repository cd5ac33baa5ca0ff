using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace EdgeGw.Worker;

/// <summary>A transport without a socket: its connections were accepted elsewhere and are handed over.</summary>
internal sealed class HandedOverListenerFactory : IConnectionListenerFactory, IConnectionListener
{
    // Unbounded, since each entry is an accepted connection and those are bounded by Limits:Connections.
    private readonly Channel<HandedOverConnection> _connections = Channel.CreateUnbounded<HandedOverConnection>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>The name of the place where nothing listens.</summary>
    public static EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.None, 0);

    EndPoint IConnectionListener.EndPoint => EndPoint;

    /// <summary>Hands a connection over; ends when the other server has finished with it.</summary>
    public Task HandOverAsync(ConnectionContext connection)
    {
        var handed = new HandedOverConnection(connection);
        return _connections.Writer.TryWrite(handed) ? handed.Finished : Task.CompletedTask;
    }

    ValueTask<IConnectionListener> IConnectionListenerFactory.BindAsync(EndPoint endpoint, CancellationToken cancellationToken) => new(this);

    async ValueTask<ConnectionContext?> IConnectionListener.AcceptAsync(CancellationToken cancellationToken)
    {
        while (await _connections.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_connections.Reader.TryRead(out var connection))
            {
                return connection;
            }
        }
        return null;
    }

    ValueTask IConnectionListener.UnbindAsync(CancellationToken cancellationToken)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;
}
