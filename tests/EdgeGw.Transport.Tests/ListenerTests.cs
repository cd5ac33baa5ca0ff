using EdgeGw.Transport.Tests.Interop;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGw.Transport.Tests;

/// <summary>Listening, accepting, and what it costs.</summary>
[NonParallelizable] // counts the process's descriptors
public sealed class ListenerTests
{
    [Test]
    public async Task After_unbind_nothing_is_accepted_and_connections_go_on()
    {
        await using var server = await Server.StartAsync(Peers.EchoAsync, accepts: false);
        var accepting = server.Listener.AcceptAsync().AsTask();
        using var client = await server.ConnectAsync();
        await using var connection = (await accepting)!;
        var echo = Peers.EchoAsync(connection);
        var next = server.Listener.AcceptAsync().AsTask();
        await server.Listener.UnbindAsync();
        await server.Listener.UnbindAsync();
        Assert.That(await next.WaitAsync(Eventually.Patience), Is.Null);
        Assert.That(await server.Listener.AcceptAsync(), Is.Null);
        Assert.That(async () => await server.ConnectAsync(), Throws.TypeOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionRefused));
        await client.SendAsync("hello");
        Assert.That(await client.ReceiveTextAsync(5), Is.EqualTo("hello"));
        client.Shutdown(SocketShutdown.Send);
        await echo.WaitAsync(Eventually.Patience);
    }

    [Test]
    public async Task An_address_in_use_is_said_so()
    {
        await using var server = await Server.StartAsync(Peers.EchoAsync);
        Assert.That(async () => await Server.StartAsync(Peers.EchoAsync, endPoint: server.Listener.EndPoint), Throws.TypeOf<AddressInUseException>());
    }

    [Test]
    public async Task An_inherited_socket_is_served_and_given_up_while_its_other_owner_listens_on()
    {
        using var owner = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        owner.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        owner.Listen(16);
        for (var i = 0; i < 3; i++)
        {
            await using var server = await Server.StartAsync(Peers.EchoAsync, endPoint: new FileHandleEndPoint((ulong)Limit.Duplicate(owner), FileHandleType.Auto));
            using var client = await Server.ConnectAsync(owner.LocalEndPoint!);
            await client.SendAsync("hello");
            Assert.That(await client.ReceiveTextAsync(5), Is.EqualTo("hello"));
        }
        // Waits in the backlog for the next process.
        using var waiting = await Server.ConnectAsync(owner.LocalEndPoint!);
        using var accepted = await owner.AcceptAsync();
        Assert.That(accepted.RemoteEndPoint, Is.EqualTo(waiting.LocalEndPoint));
    }

    [Test]
    public async Task When_descriptors_have_run_out_clients_wait_and_are_accepted_when_there_are_some_again()
    {
        await using var server = await Server.StartAsync(Peers.EchoAsync);
        using var first = await server.ConnectAsync();
        await first.SendAsync("x");
        Assert.That(await first.ReceiveTextAsync(1), Is.EqualTo("x"));
        // No descriptor of an earlier test is to become free meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (new Limit(Limit.Lowest()))
        {
            await client.ConnectAsync(server.Listener.EndPoint);
            await server.Log.WaitForAsync("errno 24");
            await other.ConnectAsync(server.Listener.EndPoint);
        }
        foreach (var waited in new[] { client, other })
        {
            await waited.SendAsync("hello");
            Assert.That(await waited.ReceiveTextAsync(5), Is.EqualTo("hello"));
        }
        // Once for each time: the process may have given one back in between.
        Assert.That(server.Log.All.Where(line => line.Contains("errno 24", StringComparison.Ordinal)).ToList(), Has.Count.InRange(1, 2), "another line may say that no thread could be started either");
    }

    [Test]
    public async Task Ten_thousand_idle_connections_hold_hardly_a_buffer_and_leave_no_descriptor()
    {
        // Both ends are here.
        var count = Math.Min(10_000, (Limit.Now - 1000) / 2);
        using var pool = new CountingPool();
        var log = NullLogger.Instance;
        var loop = new EpollLoop(log); // its thread disposes it when it is stopped
        var watch = new LoopWatch([loop], new(), log);
        watch.Start();
        var before = Limit.Sockets;
        var pipe = new PipeOptions(pool, PipeScheduler.Inline, PipeScheduler.Inline, useSynchronizationContext: false);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        socket.Blocking = false;
        await using var listener = new EpollListener(socket, socket.LocalEndPoint!, loop, () => loop, pipe, pipe, log, new SlowReaders(TimeSpan.FromSeconds(30), 240));
        var served = new List<Task>();
        var clients = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            clients.Add(await Server.ConnectAsync(listener.EndPoint));
            var connection = (await listener.AcceptAsync())!;
            served.Add(ServeAsync(connection));
            // All have been used once.
            await clients[^1].SendAsync("x");
            Assert.That(await clients[^1].ReceiveTextAsync(1), Is.EqualTo("x"));
        }
        // The kernel may report the same byte twice; who looks for more then keeps the buffer until it comes.
        await Eventually.TrueAsync(() => Task.FromResult(pool.Rented <= count / 100), () => $"hardly a buffer is held, not {pool.Rented} by {count}");
        Assert.That(loop.Sockets, Is.EqualTo(count + 1));
        Assert.That(pool.All, Is.GreaterThanOrEqualTo(count), "they come from this pool");
        clients.ForEach(client => client.Dispose());
        await Task.WhenAll(served).WaitAsync(Eventually.Patience);
        await listener.UnbindAsync();
        Assert.That(loop.Sockets, Is.Zero);
        await Eventually.TrueAsync(() => Task.FromResult(Limit.Sockets <= before), () => $"{before} sockets again, not {Limit.Sockets}");
        watch.Stop();
    }

    private static async Task ServeAsync(ConnectionContext connection)
    {
        await using (connection)
        {
            await Peers.EchoAsync(connection).ConfigureAwait(false);
        }
    }

    private sealed class CountingPool : MemoryPool<byte>
    {
        private int _rented;
        private int _all;

        public int Rented => Volatile.Read(ref _rented);

        public int All => Volatile.Read(ref _all);

        public override int MaxBufferSize => BlockPool.BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            Interlocked.Increment(ref _all);
            Interlocked.Increment(ref _rented);
            return new Owner(this);
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Owner(CountingPool pool) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[BlockPool.BlockBytes];

            public void Dispose() => Interlocked.Decrement(ref pool._rented);
        }
    }
}
