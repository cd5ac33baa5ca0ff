using System.Collections.Concurrent;

namespace EdgeGw.Transport.Tests;

/// <summary>A transport with one listener; each connection is served as the test says, from its loop's thread on, and disposed at the end, as Kestrel does.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly ConcurrentBag<Task> _serving = [];
    private readonly Func<ConnectionContext, Task> _serve;
    private Task _accepting = Task.CompletedTask;

    private Server(EpollTransport transport, IConnectionListener listener, Lines log, Func<ConnectionContext, Task> serve) => (Transport, Listener, Log, _serve) = (transport, listener, log, serve);

    public EpollTransport Transport { get; }

    public IConnectionListener Listener { get; }

    public Lines Log { get; }

    /// <summary>Binds, and accepts unless told not to.</summary>
    public static async Task<Server> StartAsync(Func<ConnectionContext, Task> serve, EpollTransportOptions? options = null, EndPoint? endPoint = null, bool accepts = true)
    {
        var log = new Lines();
        var transport = new EpollTransport(options ?? new(), log);
        var server = new Server(transport, await transport.BindAsync(endPoint ?? new IPEndPoint(IPAddress.Loopback, 0)), log, serve);
        if (accepts)
        {
            server.Accept();
        }
        return server;
    }

    public void Accept() => _accepting = AcceptAsync();

    public Task<Socket> ConnectAsync() => ConnectAsync(Listener.EndPoint);

    public static async Task<Socket> ConnectAsync(EndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint);
        return socket;
    }

    /// <summary>Stops accepting and waits for all connections.</summary>
    public async Task EndAsync()
    {
        await Listener.UnbindAsync();
        await _accepting.WaitAsync(Eventually.Patience);
        await Task.WhenAll(_serving).WaitAsync(Eventually.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndAsync();
        }
        finally
        {
            await Transport.DisposeAsync();
        }
    }

    private async Task AcceptAsync()
    {
        while (await Listener.AcceptAsync() is { } connection)
        {
            _serving.Add(Task.Run(() => ServeAsync(connection)));
        }
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        await using (connection)
        {
            await EpollTransport.EnterLoopAsync(connection).ConfigureAwait(false);
            await _serve(connection).ConfigureAwait(false);
        }
    }
}
