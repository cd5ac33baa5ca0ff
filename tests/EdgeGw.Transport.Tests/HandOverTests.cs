using System.Collections.Concurrent;

namespace EdgeGw.Transport.Tests;

/// <summary>A connection that blocks its loop's thread, and the other connections of that loop. A thread that the machine lets wait is left behind as one that blocks is, so no test counts hand-overs exactly.</summary>
public sealed class HandOverTests
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly ConcurrentDictionary<int, bool> _threads = [];
    private int _inside;

    [SetUp]
    public void Close()
    {
        _gate.Reset();
        _threads.Clear();
        _inside = 0;
    }

    [TearDown]
    public void Open() => _gate.Set();

    [OneTimeTearDown]
    public void Dispose() => _gate.Dispose();

    [Test]
    public async Task Delays_none_of_them()
    {
        await using var server = await StartAsync(maxThreads: 8);
        using var other = await server.ConnectAsync();
        await PingAsync(other);
        using var blocked = await server.ConnectAsync();
        await BlockAsync(blocked, 1);
        await PingAsync(other);
        using (var newcomer = await server.ConnectAsync())
        {
            await PingAsync(newcomer);
        }
        Assert.That(server.Transport.HandOvers, Is.Positive);
        _gate.Set();
        Assert.That(await blocked.ReceiveTextAsync(1), Is.EqualTo("b"));
        await PingAsync(blocked);
    }

    [Test]
    public async Task Many_that_block_delay_none()
    {
        await using var server = await StartAsync(maxThreads: 64);
        var blocked = new List<Socket>();
        for (var i = 1; i <= 30; i++)
        {
            blocked.Add(await server.ConnectAsync());
            await BlockAsync(blocked[^1], i);
            using var other = await server.ConnectAsync();
            await PingAsync(other);
        }
        _gate.Set();
        foreach (var client in blocked)
        {
            Assert.That(await client.ReceiveTextAsync(1), Is.EqualTo("b"));
            await PingAsync(client);
            client.Dispose();
        }
    }

    [Test]
    public async Task Bytes_that_come_meanwhile_are_there_afterwards()
    {
        await using var server = await StartAsync(maxThreads: 8);
        using var blocked = await server.ConnectAsync();
        await BlockAsync(blocked, 1);
        await blocked.SendAsync("??");
        using var other = await server.ConnectAsync();
        await PingAsync(other);
        blocked.Shutdown(SocketShutdown.Send);
        await PingAsync(other);
        _gate.Set();
        Assert.That(Encoding.ASCII.GetString(await blocked.ReceiveAllAsync()), Is.EqualTo("b!!"));
    }

    [Test]
    public async Task When_all_threads_are_blocked_the_rest_waits_and_goes_on_later_and_one_line_says_so()
    {
        await using var server = await StartAsync(maxThreads: 3);
        var blocked = new List<Socket>();
        for (var i = 1; i <= 3; i++)
        {
            blocked.Add(await server.ConnectAsync());
            await BlockAsync(blocked[^1], i);
        }
        using var other = await Server.ConnectAsync(server.Listener.EndPoint);
        await other.SendAsync("?");
        await server.Log.WaitForAsync("All 3 threads are inside handlers that block");
        Assert.That((server.Transport.Threads, other.Available), Is.EqualTo((3, 0)));
        _gate.Set();
        Assert.That(await other.ReceiveTextAsync(1), Is.EqualTo("!"));
        foreach (var client in blocked)
        {
            Assert.That(await client.ReceiveTextAsync(1), Is.EqualTo("b"));
            await PingAsync(client);
            client.Dispose();
        }
        Assert.That(server.Log.All, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Loops_go_round_while_a_thread_blocks_and_stand_still_when_all_do()
    {
        await using var server = await StartAsync(maxThreads: 3);
        var blocked = new List<Socket>();
        for (var i = 1; i <= 3; i++)
        {
            Assert.That(server.Transport.LoopsGoRound(Eventually.Patience), Is.True, $"{i - 1} threads are blocked");
            blocked.Add(await server.ConnectAsync());
            await BlockAsync(blocked[^1], i);
        }
        await server.Log.WaitForAsync("All 3 threads are inside handlers that block");
        Assert.That(server.Transport.LoopsGoRound(TimeSpan.FromMilliseconds(20)), Is.False);
        _gate.Set();
        Assert.That(server.Transport.LoopsGoRound(Eventually.Patience), Is.True);
        blocked.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task More_loops_than_threads_are_allowed_are_no_reason_for_threads_without_bound()
    {
        await using var server = await StartAsync(maxThreads: 1, loops: 2);
        using var blocked = await server.ConnectAsync();
        using var blockedToo = await server.ConnectAsync();
        await BlockAsync(blocked, 1);
        await BlockAsync(blockedToo, 2);
        await server.Log.WaitForAsync("inside handlers that block");
        Assert.That(server.Transport.Threads, Is.EqualTo(2));
        _gate.Set();
        Assert.That(await blocked.ReceiveTextAsync(1) + await blockedToo.ReceiveTextAsync(1), Is.EqualTo("bb"));
    }

    [Test]
    public async Task The_thread_is_used_again_when_it_comes_out()
    {
        await using var server = await StartAsync(maxThreads: 8);
        using var client = await server.ConnectAsync();
        const int Rounds = 30;
        for (var i = 1; i <= Rounds; i++)
        {
            _gate.Reset();
            await BlockAsync(client, i);
            using (var other = await server.ConnectAsync())
            {
                await PingAsync(other); // the loop has another thread
            }
            _gate.Set();
            Assert.That(await client.ReceiveTextAsync(1), Is.EqualTo("b"));
            await Eventually.TrueAsync(() => Task.FromResult(server.Transport.Spares > 0), () => "a spare thread");
        }
        Assert.That(_threads, Has.Count.LessThan(Rounds / 2));
    }

    [Test]
    public async Task A_spare_number_of_threads_stays_and_the_others_end()
    {
        await using var server = await StartAsync(maxThreads: 64);
        var clients = new List<Socket>();
        try
        {
            for (var i = 1; i <= 20; i++)
            {
                clients.Add(await server.ConnectAsync());
                await BlockAsync(clients[^1], i);
            }
            await Eventually.TrueAsync(() => Task.FromResult(server.Transport.Threads - server.Transport.Spares == 21), () => "each has been left behind");
            _gate.Set();
            await Eventually.TrueAsync(() => Task.FromResult((server.Transport.Threads, server.Transport.Spares) == (5, 4)), () => "the loop's thread and four spare ones");
        }
        finally
        {
            // Whatever failed is what is to be read, not that the server cannot end while somebody is inside or connected.
            _gate.Set();
            clients.ForEach(client => client.Dispose());
        }
    }

    [Test]
    public async Task Thousands_of_connections_come_and_go_while_the_loop_is_handed_over_again_and_again()
    {
        const int Loops = 2;
        await using var server = await StartAsync(maxThreads: 64, loops: Loops);
        var goOn = true;
        var blocking = Task.Run(async () =>
        {
            using var client = await server.ConnectAsync();
            for (var i = 1; Volatile.Read(ref goOn); i++)
            {
                _gate.Reset();
                await BlockAsync(client, i);
                try
                {
                    // It holds a loop's thread, which another one takes the place of; or the thread that came out of the handler before, has no loop any more and found the next byte there
                    // already. Either way all loops go round.
                    foreach (var _ in Enumerable.Range(0, Loops))
                    {
                        using var other = await server.ConnectAsync();
                        await PingAsync(other);
                    }
                }
                finally
                {
                    _gate.Set();
                }
                Assert.That(await client.ReceiveTextAsync(1), Is.EqualTo("b"));
            }
        });
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    using var client = await server.ConnectAsync();
                    switch (i % 4)
                    {
                        case 0:
                            await PingAsync(client);
                            break;
                        case 1:
                            await client.SendAsync("?????");
                            client.Shutdown(SocketShutdown.Send);
                            Assert.That(Encoding.ASCII.GetString(await client.ReceiveAllAsync()), Is.EqualTo("!!!!!"));
                            break;
                        case 2:
                            await client.SendAsync("?");
                            client.Close(0);
                            break;
                        default:
                            break; // not a byte
                    }
                }
            })));
        }
        finally
        {
            Volatile.Write(ref goOn, false);
        }
        await blocking;
        Assert.That(server.Transport.HandOvers, Is.Positive);
        Assert.That(server.Log.All, Is.Empty);
    }

    [Test]
    public async Task A_thread_that_never_comes_out_delays_none_not_even_at_the_end()
    {
        var server = await StartAsync(maxThreads: 8);
        using var blocked = await server.ConnectAsync();
        await BlockAsync(blocked, 1);
        using (var other = await server.ConnectAsync())
        {
            await PingAsync(other);
        }
        await server.Listener.UnbindAsync();
        await server.Transport.DisposeAsync();
    }

    private static async Task PingAsync(Socket client)
    {
        await client.SendAsync("?");
        Assert.That(await client.ReceiveTextAsync(1), Is.EqualTo("!"));
    }

    private Task<Server> StartAsync(int maxThreads, int loops = 1) => Server.StartAsync(ServeAsync, new() { Loops = loops, MaxThreads = maxThreads });

    // For each 'b' it blocks the thread that it is on, which is the loop's, until the gate opens.
    private async Task ServeAsync(ConnectionContext connection)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await connection.Transport.Input.ReadAsync().ConfigureAwait(false);
            }
            catch (ConnectionResetException)
            {
                return;
            }
            foreach (var asked in read.Buffer.ToArray())
            {
                if (asked == 'b')
                {
                    Assert.That(Thread.CurrentThread.Name, Is.EqualTo("loop"));
                    _threads.TryAdd(Environment.CurrentManagedThreadId, true);
                    Interlocked.Increment(ref _inside);
                    _gate.Wait();
                }
                connection.Transport.Output.Write([asked == 'b' ? (byte)'b' : (byte)'!']);
            }
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
            await connection.Transport.Output.FlushAsync().ConfigureAwait(false);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    // Ends when so many in all have been inside.
    private async Task BlockAsync(Socket client, int inside)
    {
        await client.SendAsync("b");
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref _inside) == inside), () => $"{inside} inside, not {_inside}");
    }
}
