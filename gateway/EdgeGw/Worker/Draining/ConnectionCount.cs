using EdgeGw.Transport;
using Microsoft.AspNetCore.Connections;

namespace EdgeGw.Worker.Draining;

/// <summary>Counts the open connections.</summary>
internal sealed class ConnectionCount
{
    private int _open;

    /// <summary>Connections that were accepted and have not ended.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The first that sees a connection: counts it, and brings it to its event loop.</summary>
    public ConnectionDelegate Middleware(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _open);
        try
        {
            await EpollTransport.EnterLoopAsync(connection).ConfigureAwait(false);
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}
