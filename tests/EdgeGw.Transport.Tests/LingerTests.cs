namespace EdgeGw.Transport.Tests;

/// <summary>Ends that leave a client the time to see them.</summary>
public sealed class LingerTests
{
    [Test]
    public async Task What_a_client_sends_after_the_server_s_end_is_not_answered_by_a_reset()
    {
        await using var server = await Server.StartAsync(async connection => await connection.Transport.Output.WriteAsync("bye"u8.ToArray()));
        server.Transport.BeginLingering();
        using var client = await server.ConnectAsync();
        Assert.That(await client.ReceiveAllAsync(), Is.EqualTo("bye"u8.ToArray()));
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("late");
        }
        // A reset would have made this end the client's too.
        Assert.That(client.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error), Is.Zero);
        client.Shutdown(SocketShutdown.Send);
        await server.EndAsync();
    }

    [Test]
    public async Task Bytes_that_the_server_has_not_read_do_not_take_its_last_words_away()
    {
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartAsync(async connection =>
        {
            await mayEnd.Task;
            await connection.Transport.Output.WriteAsync("bye"u8.ToArray());
        });
        server.Transport.BeginLingering();
        using var client = await server.ConnectAsync();
        await client.SendAsync(new string('x', 100_000));
        mayEnd.SetResult();
        Assert.That(await client.ReceiveAllAsync(), Is.EqualTo("bye"u8.ToArray()));
        client.Shutdown(SocketShutdown.Send);
        await server.EndAsync();
    }

    [Test]
    public async Task A_client_that_never_ends_is_waited_for_no_longer_than_the_bound()
    {
        await using var server = await Server.StartAsync(_ => Task.CompletedTask, new EpollTransportOptions { Linger = TimeSpan.FromMilliseconds(50) });
        server.Transport.BeginLingering();
        using var client = await server.ConnectAsync();
        Assert.That(await client.ReceiveAllAsync(), Is.Empty);
        await server.EndAsync();
    }
}
