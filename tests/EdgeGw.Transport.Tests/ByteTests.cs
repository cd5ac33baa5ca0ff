using CsCheck;

namespace EdgeGw.Transport.Tests;

/// <summary>Bytes come through as they are.</summary>
public sealed class ByteTests
{
    [Test]
    public async Task Bytes_of_any_size_in_any_pieces_come_back_exactly_on_many_connections()
    {
        await using var server = await Server.StartAsync(Peers.EchoAsync);
        var piece = Gen.OneOf(Gen.Int[1, 20], Gen.Int[2040, 2060], Gen.Int[4090, 4100], Gen.Int[1, 100_000]);
        var connection = Gen.Select(Gen.Int[0, 300_000], piece.Array[1, 20], Gen.Int);
        await connection.Array[1, 8].SampleAsync(
            async connections => (await Task.WhenAll(connections.Select(c => ComesBackAsync(server, Peers.Pattern(c.Item1, c.Item3), c.Item2)))).All(same => same),
            iter: 60);
    }

    [Test]
    public async Task Pieces_that_were_written_at_once_and_exceed_one_send_come_in_order()
    {
        var bytes = Peers.Pattern(3_000_000);
        await using var server = await Server.StartAsync(async connection =>
        {
            for (var at = 0; at < bytes.Length; at += 7_000)
            {
                connection.Transport.Output.Write(bytes.AsSpan(at, Math.Min(7_000, bytes.Length - at)));
                if (at % 70_000 == 0)
                {
                    await connection.Transport.Output.FlushAsync();
                }
            }
            await connection.Transport.Output.FlushAsync();
        });
        using var client = await server.ConnectAsync();
        Assert.That((await client.ReceiveAllAsync()).AsSpan().SequenceEqual(bytes));
    }

    [Test]
    public async Task A_client_that_has_sent_a_lot_leaves_the_other_connections_of_its_loop_their_turn()
    {
        using var folder = new TemporaryFolder();
        using var gate = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = 0L;
        // Never handed over, so only its own restraint lets the other one in.
        await using var server = await Server.StartAsync(
            async connection =>
            {
                ReadResult read;
                do
                {
                    read = await connection.Transport.Input.ReadAsync().ConfigureAwait(false);
                    if (read.Buffer.Length == 1 && read.Buffer.FirstSpan[0] == '?')
                    {
                        await connection.Transport.Output.WriteAsync(BitConverter.GetBytes(Volatile.Read(ref taken))).ConfigureAwait(false);
                    }
                    else if (inside.TrySetResult())
                    {
                        gate.Wait();
                    }
                    taken += read.Buffer.Length;
                    connection.Transport.Input.AdvanceTo(read.Buffer.End);
                }
                while (!read.IsCompleted);
            },
            new() { Loops = 1, HandOver = TimeSpan.FromDays(1) },
            new UnixDomainSocketEndPoint(folder["socket"]));
        using var other = await server.ConnectAsync();
        await other.SendAsync("?");
        await other.ReceiveAsync(sizeof(long));
        using var busy = await server.ConnectAsync();
        await busy.SendAsync("busy");
        await inside.Task;
        busy.Blocking = false;
        var sent = 0L;
        SocketError full;
        do
        {
            sent += busy.Send(new byte[BlockPool.BlockBytes], SocketFlags.None, out full);
        }
        while (full == SocketError.Success);
        Assert.That(sent, Is.GreaterThan(100_000));
        await other.SendAsync("?");
        gate.Set();
        Assert.That(BitConverter.ToInt64(await other.ReceiveAsync(sizeof(long))), Is.LessThan(sent));
        busy.Dispose();
        other.Dispose();
        await server.EndAsync();
    }

    [Test]
    public async Task Over_IPv6()
    {
        await using var server = await Server.StartAsync(Peers.EchoAsync, endPoint: new IPEndPoint(IPAddress.IPv6Loopback, 0));
        Assert.That(await ComesBackAsync(server, Peers.Pattern(100_000), [5_000]));
    }

    [Test]
    public async Task Over_a_Unix_socket()
    {
        using var folder = new TemporaryFolder();
        await using var server = await Server.StartAsync(Peers.EchoAsync, endPoint: new UnixDomainSocketEndPoint(folder["socket"]));
        Assert.That(await ComesBackAsync(server, Peers.Pattern(1_000_000), [5_000]));
    }

    [Test]
    public async Task A_connection_knows_both_its_addresses()
    {
        var seen = new TaskCompletionSource<(EndPoint?, EndPoint?)>();
        await using var server = await Server.StartAsync(connection =>
        {
            seen.SetResult((connection.LocalEndPoint, connection.RemoteEndPoint));
            return Task.CompletedTask;
        });
        using var client = await server.ConnectAsync();
        Assert.That(await seen.Task, Is.EqualTo((client.RemoteEndPoint, client.LocalEndPoint)));
    }

    private static async Task<bool> ComesBackAsync(Server server, byte[] bytes, int[] pieces)
    {
        using var client = await server.ConnectAsync();
        var received = client.ReceiveAllAsync();
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var piece = Math.Min(pieces[i % pieces.Length], bytes.Length - at);
            await client.SendAsync(bytes.AsMemory(at, piece));
            at += piece;
        }
        client.Shutdown(SocketShutdown.Send);
        return (await received).AsSpan().SequenceEqual(bytes);
    }
}
