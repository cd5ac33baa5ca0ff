namespace EdgeGw.Transport.Tests;

/// <summary>Who does not read makes the other side wait, and all goes on later.</summary>
public sealed class WaitingTests
{
    private const int Bound = 64 * 1024;

    [Test]
    public async Task Somebody_who_does_not_read_makes_the_client_wait_and_what_is_held_is_bounded()
    {
        var mayRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bytes = Peers.Pattern(32 << 20);
        await using var server = await Server.StartAsync(
            async connection =>
            {
                await mayRead.Task;
                var first = await connection.Transport.Input.ReadAsync();
                Assert.That(first.Buffer.Length, Is.LessThanOrEqualTo(Bound + BlockPool.BlockBytes));
                connection.Transport.Input.AdvanceTo(first.Buffer.Start);
                await Peers.EchoAsync(connection);
            },
            new() { MaxReadBufferSize = Bound });
        using var client = await server.ConnectAsync();
        var at = 0;
        var sent = Task.Run(async () =>
        {
            while (at < bytes.Length)
            {
                at += await client.SendAsync(bytes.AsMemory(at, Math.Min(Bound, bytes.Length - at)));
            }
            client.Shutdown(SocketShutdown.Send);
        });
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref at) > 4 * Bound), () => "more has been sent than the pipe may hold");
        // More than the kernel's buffers and the pipe's together: it cannot have been sent.
        Assert.That(sent.IsCompleted, Is.False);
        mayRead.SetResult();
        Assert.That((await client.ReceiveAllAsync()).AsSpan().SequenceEqual(bytes));
        await sent;
    }

    [Test]
    public async Task A_client_that_does_not_read_makes_who_writes_wait_and_gets_every_byte_later()
    {
        var bytes = Peers.Pattern(16 << 20);
        var waits = new TaskCompletionSource();
        await using var server = await Server.StartAsync(
            async connection =>
            {
                for (var at = 0; at < bytes.Length; at += 10_000)
                {
                    var flush = connection.Transport.Output.WriteAsync(bytes.AsMemory(at, Math.Min(10_000, bytes.Length - at)));
                    if (!flush.IsCompleted)
                    {
                        Assert.That(connection.Transport.Output.UnflushedBytes, Is.Zero);
                        waits.TrySetResult();
                    }
                    await flush;
                }
            },
            new() { MaxWriteBufferSize = Bound });
        using var client = await server.ConnectAsync();
        await waits.Task.WaitAsync(Eventually.Patience);
        Assert.That((await client.ReceiveAllAsync()).AsSpan().SequenceEqual(bytes));
    }

    [Test]
    public async Task What_the_kernel_takes_for_a_client_that_does_not_read_is_bounded()
    {
        var taken = 0;
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartAsync(
            async connection =>
            {
                // Until the transport gives the client up, for it takes nothing.
                while (!(await connection.Transport.Output.WriteAsync(new byte[4096])).IsCompleted)
                {
                    taken += 4096;
                }
                isOver.SetResult();
            },
            new() { MaxUnsentBytes = Bound, MaxWriteBufferSize = 4096, SlowReaderWindow = TimeSpan.FromMilliseconds(500) });
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192 };
        await client.ConnectAsync(server.Listener.EndPoint);
        await isOver.Task.WaitAsync(Eventually.Patience);
        Assert.That(taken, Is.InRange(Bound, 4 * Bound), "without the bound it is some megabytes");
    }

    [Test]
    public async Task A_client_with_a_tiny_window_that_reads_little_by_little_gets_every_byte()
    {
        var bytes = Peers.Pattern(1 << 20);
        await using var server = await Server.StartAsync(async connection => await connection.Transport.Output.WriteAsync(bytes));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        await client.ConnectAsync(server.Listener.EndPoint);
        using var all = new MemoryStream();
        var random = new Random(0);
        while (await client.ReceiveAsync(random.Next(1, 5000)) is { Length: > 0 } some)
        {
            all.Write(some);
        }
        Assert.That(all.ToArray().AsSpan().SequenceEqual(bytes));
    }

    [Test]
    public async Task Who_never_reads_and_goes_away_leaves_nothing_waiting()
    {
        await using var server = await Server.StartAsync(connection => connection.Transport.Input.ReadAsync().AsTask(), new() { MaxReadBufferSize = Bound });
        using var client = await server.ConnectAsync();
        Assert.That(async () => await client.SendAsync(new byte[32 << 20]), Throws.TypeOf<SocketException>(), "the server has closed it with bytes unread");
        await server.EndAsync();
    }
}
