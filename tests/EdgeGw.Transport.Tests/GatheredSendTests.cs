using CsCheck;

namespace EdgeGw.Transport.Tests;

/// <summary>What is written by many at a time, and sent at once.</summary>
public sealed class GatheredSendTests
{
    [Test]
    public void Without_it_the_thread_that_writes_sends()
    {
        var thread = 0;
        new SendScheduler().Schedule(_ => thread = Environment.CurrentManagedThreadId, null);
        Assert.That(thread, Is.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public async Task With_it_the_write_returns_before_anything_is_sent()
    {
        var scheduler = new SendScheduler();
        scheduler.Gather();
        using var hasReturned = new ManualResetEventSlim();
        var sent = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        scheduler.Schedule(_ => sent.SetResult(hasReturned.Wait(Eventually.Patience) && Thread.CurrentThread.IsThreadPoolThread), null);
        hasReturned.Set();
        Assert.That(await sent.Task, Is.True, "in the pool, while the writer goes on");
    }

    [Test]
    public async Task Bytes_of_any_size_in_any_pieces_come_back_exactly_and_to_the_end()
    {
        await using var server = await Server.StartAsync(async connection =>
        {
            connection.Features.Get<IGatheredSendsFeature>()!.GatherSends();
            await Peers.EchoAsync(connection);
        });
        await Gen.Select(Gen.Int[0, 300_000], Gen.Int[1, 100_000].Array[1, 20], Gen.Int).SampleAsync(
            async one =>
            {
                var bytes = Peers.Pattern(one.Item1, one.Item3);
                using var client = await server.ConnectAsync();
                var coming = client.ReceiveAllAsync();
                for (var (at, piece) = (0, 0); at < bytes.Length; piece++)
                {
                    var length = Math.Min(one.Item2[piece % one.Item2.Length], bytes.Length - at);
                    at += await client.SendAsync(bytes.AsMemory(at, length));
                }
                client.Shutdown(SocketShutdown.Send);
                return (await coming.WaitAsync(Eventually.Patience)).AsSpan().SequenceEqual(bytes);
            },
            iter: 40);
    }
}
