namespace EdgeGw.Transport.Tests;

/// <summary>How connections end, seen from both sides.</summary>
public sealed class EndTests
{
    [Test]
    public async Task A_client_that_has_ended_its_side_still_gets_the_answer()
    {
        var mayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartAsync(async connection =>
        {
            var read = await connection.Transport.Input.ReadAtLeastAsync(1000);
            Assert.That((read.IsCompleted, read.Buffer.Length), Is.EqualTo((true, 5L)));
            await mayAnswer.Task;
            await connection.Transport.Output.WriteAsync(Peers.Pattern(1_000_000));
        });
        using var client = await server.ConnectAsync();
        await client.SendAsync("hello");
        client.Shutdown(SocketShutdown.Send);
        mayAnswer.SetResult();
        Assert.That((await client.ReceiveAllAsync()).AsSpan().SequenceEqual(Peers.Pattern(1_000_000)));
    }

    [Test]
    public async Task The_client_s_end_is_told_while_nobody_reads()
    {
        await using var server = await Server.StartAsync(async connection => await UntilClosedAsync(connection));
        using var client = await server.ConnectAsync();
        await client.SendAsync("hello");
        client.Shutdown(SocketShutdown.Send);
        await server.EndAsync();
    }

    [Test]
    public async Task A_reset_is_seen_by_who_reads()
    {
        await using var server = await Server.StartAsync(async connection =>
        {
            Assert.That(async () => await Peers.EchoAsync(connection), Throws.TypeOf<ConnectionResetException>());
            await UntilClosedAsync(connection);
        });
        using var client = await server.ConnectAsync();
        await client.SendAsync("hello");
        await client.ReceiveAsync(5);
        client.Close(0);
        await server.EndAsync();
    }

    [Test]
    public async Task A_reset_ends_who_writes_to_a_client_that_did_not_read()
    {
        var isFull = new TaskCompletionSource();
        await using var server = await Server.StartAsync(async connection =>
        {
            while (true)
            {
                var flush = connection.Transport.Output.WriteAsync(new byte[100_000]);
                if (!flush.IsCompleted)
                {
                    isFull.TrySetResult();
                }
                if ((await flush).IsCompleted)
                {
                    return;
                }
            }
        });
        using var client = await server.ConnectAsync();
        await isFull.Task;
        client.Close(0);
        await server.EndAsync();
    }

    [Test]
    public async Task An_end_of_the_server_s_comes_after_all_its_bytes_and_in_order()
    {
        await using var server = await Server.StartAsync(async connection => await connection.Transport.Output.WriteAsync(Peers.Pattern(2_000_000)));
        using var client = await server.ConnectAsync();
        Assert.That((await client.ReceiveAllAsync()).AsSpan().SequenceEqual(Peers.Pattern(2_000_000)));
    }

    [Test]
    public async Task Abort_resets_at_once_although_the_connection_is_still_served([Values("127.0.0.1", "::1")] string address)
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartAsync(
            async connection =>
            {
                await connection.Transport.Input.ReadAsync();
                connection.Abort(new ConnectionAbortedException("enough"));
                await goOn.Task;
                await UntilClosedAsync(connection);
                connection.Transport.Input.AdvanceTo(default);
                Assert.That(async () => await connection.Transport.Input.ReadAsync(), Throws.TypeOf<ConnectionAbortedException>().With.Message.EqualTo("enough"));
            },
            endPoint: new IPEndPoint(IPAddress.Parse(address), 0));
        using var client = await server.ConnectAsync();
        await client.SendAsync("hello");
        Assert.That(async () => await client.ReceiveAsync(1), Throws.TypeOf<SocketException>().With.Property(nameof(SocketException.SocketErrorCode)).EqualTo(SocketError.ConnectionReset));
        goOn.SetResult();
        await server.EndAsync();
    }

    [Test]
    public async Task Abort_without_a_reason_is_an_orderly_end()
    {
        await using var server = await Server.StartAsync(async connection =>
        {
            await connection.Transport.Output.WriteAsync("bye"u8.ToArray());
            connection.Abort(null!);
            await UntilClosedAsync(connection);
        });
        using var client = await server.ConnectAsync();
        Assert.That(Encoding.ASCII.GetString(await client.ReceiveAllAsync()), Is.EqualTo("bye"));
        await server.EndAsync();
    }

    [Test]
    public async Task Abort_ends_the_connection_of_a_client_that_neither_reads_nor_writes()
    {
        await using var server = await Server.StartAsync(async connection =>
        {
            var flush = connection.Transport.Output.WriteAsync(new byte[32 << 20]);
            Assert.That(flush.IsCompleted, Is.False);
            connection.Abort();
            await flush;
        });
        using var client = await server.ConnectAsync();
        Assert.That(async () => await client.ReceiveAllAsync(), Throws.TypeOf<SocketException>(), "not an orderly end");
        await server.EndAsync();
    }

    [Test]
    public async Task Abort_ends_a_Unix_socket_s_connection()
    {
        using var folder = new TemporaryFolder();
        await using var server = await Server.StartAsync(
            async connection =>
            {
                connection.Abort();
                await UntilClosedAsync(connection);
            },
            endPoint: new UnixDomainSocketEndPoint(folder["socket"]));
        using var client = await server.ConnectAsync();
        Assert.That(await client.ReceiveAllAsync(), Is.Empty);
        await server.EndAsync();
    }

    [Test]
    public async Task A_callback_on_the_end_that_throws_ends_nothing_else()
    {
        await using var server = await Server.StartAsync(async connection =>
        {
            connection.ConnectionClosed.Register(() => throw new InvalidOperationException("a callback of the test's"));
            await Peers.EchoAsync(connection);
        });
        using (var client = await server.ConnectAsync())
        {
            await client.SendAsync("x");
            Assert.That(await client.ReceiveTextAsync(1), Is.EqualTo("x"));
            client.Shutdown(SocketShutdown.Send);
            Assert.That(await client.ReceiveAllAsync(), Is.Empty);
        }
        await server.EndAsync();
        Assert.That(server.Log.All.Single(), Does.Contain("a callback of the test's"));
    }

    [Test]
    public async Task Disposing_twice_closes_once()
    {
        await using var server = await Server.StartAsync(async connection =>
        {
            await Peers.EchoAsync(connection);
            await connection.DisposeAsync();
        });
        using var other = await server.ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            using var client = await server.ConnectAsync();
            await other.SendAsync("x");
            client.Shutdown(SocketShutdown.Send);
            Assert.That(await client.ReceiveAllAsync(), Is.Empty);
            Assert.That(await other.ReceiveTextAsync(1), Is.EqualTo("x"));
        }
        other.Shutdown(SocketShutdown.Send);
        await server.EndAsync();
    }

    [Test]
    public async Task A_connection_that_ends_after_its_transport_touches_nobody_s_descriptor()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        var server = await Server.StartAsync(async connection =>
        {
            inside.SetResult();
            await goOn.Task;
            connection.Abort();
            await connection.Transport.Output.CompleteAsync();
            done.SetResult();
        });
        using var client = await server.ConnectAsync();
        await inside.Task;
        await server.Transport.DisposeAsync();
        goOn.SetResult();
        await done.Task;
        Assert.That(async () => await client.ReceiveAsync(1), Throws.TypeOf<SocketException>());
    }

    [Test]
    public async Task Transports_that_were_never_bound_and_those_that_were_leave_nothing_behind()
    {
        await using (await Server.StartAsync(Peers.EchoAsync))
        {
            // What the process opens the first time and keeps.
        }
        var before = Interop.Limit.Open;
        for (var i = 0; i < 50; i++)
        {
            await new EpollTransport(new(), new Lines()).DisposeAsync();
            await using var server = await Server.StartAsync(Peers.EchoAsync);
        }
        await Eventually.TrueAsync(() => Task.FromResult(Interop.Limit.Open <= before), () => $"{before} descriptors again, not {Interop.Limit.Open}");
    }

    private static async Task UntilClosedAsync(ConnectionContext connection)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = connection.ConnectionClosed.Register(closed.SetResult);
        await closed.Task.WaitAsync(Eventually.Patience);
    }
}
