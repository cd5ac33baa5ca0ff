using System.Net;
using Microsoft.AspNetCore.Connections;

namespace EdgeGw.Worker.Draining;

/// <summary>A transport that can stop accepting while the server above it goes on: Kestrel alone knows only how to end its connections in the same breath.</summary>
internal sealed class StoppableTransport(IConnectionListenerFactory inner) : IConnectionListenerFactory
{
    private readonly List<IConnectionListener> _listeners = [];

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = await inner.BindAsync(endpoint, cancellationToken).ConfigureAwait(false);
        lock (_listeners)
        {
            _listeners.Add(listener);
        }
        return listener;
    }

    /// <summary>Accepts no more. What waits in the backlog is left to whoever else has the socket; what was accepted is served on. Kestrel takes a listener's null for its end, and
    /// may unbind it a second time.</summary>
    public async Task StopAcceptingAsync()
    {
        IConnectionListener[] listeners;
        lock (_listeners)
        {
            listeners = [.. _listeners];
        }
        foreach (var listener in listeners)
        {
            await listener.UnbindAsync().ConfigureAwait(false);
        }
    }
}
