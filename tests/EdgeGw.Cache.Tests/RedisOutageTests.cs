using EdgeGw.Cache.Tests.Interop;
using EdgeGw.Epochs;

namespace EdgeGw.Cache.Tests;

/// <summary>A server that goes, hangs, drags and comes back.</summary>
internal sealed class RedisOutageTests
{
    private RedisServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await RedisServer.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task A_stopped_server_costs_a_clear_error_and_is_found_again()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server));
        Assert.That((await lab.Cache.Set("k", "v")).Result, Is.EqualTo(AbiResult.Ok));
        await _server.StopAsync();
        var down = await lab.Cache.Get("k");
        Assert.That(down.Result, Is.EqualTo(AbiResult.Unavailable), down.ToString);
        Assert.That(down.Error, Does.StartWith($"The cache server 127.0.0.1:{_server.Port} ").And.EndsWith("."));
        await Eventually.TrueAsync(
            async () => (down = await lab.Cache.Get("k")).Error == $"The cache server 127.0.0.1:{_server.Port} cannot be reached: Connection refused.",
            () => $"the reason is said: {down}");
        await _server.StartAgainAsync();
        await lab.AnswersAsync();
        Assert.That((await lab.Cache.Set("k", "w")).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That(await lab.TextAsync("k"), Is.EqualTo("w"));
    }

    [Test]
    public async Task A_server_that_comes_later_than_the_service_is_found()
    {
        await _server.StopAsync();
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server));
        var down = await lab.Cache.Get("k");
        Assert.That((down.Result, down.Error), Is.EqualTo((AbiResult.Unavailable, $"The cache server 127.0.0.1:{_server.Port} cannot be reached: Connection refused.")));
        await _server.StartAgainAsync();
        await lab.AnswersAsync();
    }

    [Test]
    public async Task A_server_that_hangs_costs_callers_their_timeout_and_goes_on_by_itself()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server) with { TimeoutMs = 300 });
        await lab.AnswersAsync();
        await _server.HangAsync();
        var late = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => lab.Cache.Set($"{i}", "v")));
        Assert.That(late.Select(reply => reply.Error), Is.All.EqualTo("The service cache:default did not answer within 300 ms."));
        Assert.That(late.Select(reply => reply.Result), Is.All.EqualTo(AbiResult.TimedOut).Or.EqualTo(AbiResult.Unavailable));
        Assert.That(late[0].Result, Is.EqualTo(AbiResult.TimedOut), "the first ones were waited for");
        await _server.GoOnAsync();
        await lab.AnswersAsync();
        // One call alone may be late on a slow machine.
        await Eventually.TrueAsync(async () => (await lab.Cache.Set("k", "v")).Result == AbiResult.Ok, () => "a write is answered");
    }

    [Test]
    public async Task A_server_that_hangs_for_long_is_connected_to_again()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server) with { TimeoutMs = 100 });
        await lab.AnswersAsync();
        await _server.HangAsync();
        // Its library gives the connection up after some timeouts; from then on it is something else that fails.
        var reply = await lab.Cache.Get("k");
        await Eventually.TrueAsync(async () => (reply = await lab.Cache.Get("k")).Error.StartsWith("The cache server", StringComparison.Ordinal), () => $"the connection is given up: {reply}");
        Assert.That(reply.Result, Is.EqualTo(AbiResult.Unavailable));
        await _server.GoOnAsync();
        await lab.AnswersAsync();
    }

    [Test]
    public async Task A_server_that_hangs_before_the_first_call_costs_no_more_than_one_that_hangs_later()
    {
        await _server.HangAsync();
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server) with { TimeoutMs = 300 });
        Assert.That((await lab.Cache.Get("k")).Result, Is.EqualTo(AbiResult.TimedOut));
        await _server.GoOnAsync();
        await lab.AnswersAsync();
    }

    [Test]
    public async Task A_slow_server_is_waited_for()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server));
        await lab.Cache.Set("k", "v");
        await _server.HangAsync();
        var calls = Enumerable.Range(0, 100).Select(_ => lab.TextAsync("k")).ToArray();
        Assert.That(calls.Any(call => call.IsCompleted), Is.False);
        await _server.GoOnAsync();
        Assert.That(await Task.WhenAll(calls), Is.All.EqualTo("v"));
    }

    [Test]
    public async Task A_connection_that_is_cut_is_made_again()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server));
        await lab.Cache.Set("k", "v");
        await _server.CliAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        await lab.AnswersAsync();
        Assert.That(await lab.TextAsync("k"), Is.EqualTo("v"));
    }

    [Test]
    public async Task Calls_under_way_when_the_server_dies_are_all_answered()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server) with { PoolSize = 500 });
        await lab.AnswersAsync();
        await _server.HangAsync();
        var calls = Enumerable.Range(0, 1000).Select(i => lab.Cache.Set($"{i}", "v")).ToArray();
        await _server.StopAsync();
        var replies = await Task.WhenAll(calls);
        Assert.That(replies.Select(reply => reply.Result).Distinct(), Is.EqualTo(new[] { AbiResult.Unavailable }), () => replies[0].ToString());
        await _server.StartAgainAsync();
        await lab.AnswersAsync();
    }

    [Test]
    public async Task A_call_beyond_the_queue_is_busy()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server) with { PoolSize = 1, QueueLength = 2 });
        await lab.AnswersAsync();
        await _server.HangAsync();
        var calls = Enumerable.Range(0, 4).Select(_ => lab.Cache.Exists("k")).ToArray();
        Assert.That((await calls[3]).Result, Is.EqualTo(AbiResult.Busy));
        await _server.GoOnAsync();
        Assert.That((await Task.WhenAll(calls[..3])).Select(call => call.Result), Is.All.EqualTo(AbiResult.End));
    }

    [Test]
    public async Task The_calls_at_the_server_are_bounded_by_the_pool()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server) with { PoolSize = 5 });
        await lab.AnswersAsync();
        await _server.HangAsync();
        var calls = Enumerable.Range(0, 100).Select(_ => lab.Cache.Exists("k")).ToArray();
        var actor = lab.Lab.Actor(ServiceKinds.Cache, "default");
        Assert.That((actor.Running, actor.Queued), Is.EqualTo((5, 95)));
        await _server.GoOnAsync();
        await Task.WhenAll(calls);
    }

    [Test]
    public async Task A_service_that_is_changed_under_load_fails_no_call_and_leaves_no_connection()
    {
        await using var lab = new RedisLab(OneRedis.ServiceOn(_server));
        await lab.Cache.Set("k", "v");
        var exchanges = Enumerable.Range(0, 8).Select(_ => lab.Lab.Begin()).ToArray();
        using var enough = new CancellationTokenSource();
        var callers = exchanges.Select(exchange => Task.Run(async () =>
        {
            var replies = new List<Reply>();
            while (!enough.IsCancellationRequested)
            {
                replies.Add(await exchange.Cache().Get("k"));
            }
            return replies;
        })).ToArray();
        for (var i = 1; i <= 5; i++)
        {
            lab.Lab.Configure(OneRedis.ServiceOn(_server) with { TimeoutMs = 10_000 + i });
            // Its connection is made, and the one before is gone.
            await Eventually.TrueAsync(async () => await ClientsAsync() == 1, () => "one connection");
        }
        await enough.CancelAsync();
        var all = (await Task.WhenAll(callers)).SelectMany(replies => replies).ToArray();
        Assert.That(all.Where(reply => reply.Result != AbiResult.Ok).Take(3), Is.Empty, () => $"of {all.Length}");
        Array.ForEach(exchanges, exchange => exchange.Dispose());
    }

    [Test]
    public async Task Many_calls_share_one_connection_that_ends_with_the_service()
    {
        await using (var lab = new RedisLab(OneRedis.ServiceOn(_server) with { PoolSize = 500 }))
        {
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => lab.Cache.Publish($"{i}", "v")));
            Assert.That(await ClientsAsync(), Is.EqualTo(1));
        }
        await Eventually.TrueAsync(async () => await ClientsAsync() == 0, () => "no connection is left");
    }

    private async Task<int> ClientsAsync() => (await _server.CliAsync("CLIENT", "LIST")).Split('\n').Count(line => line.Contains(" name=edgegw ", StringComparison.Ordinal));
}
