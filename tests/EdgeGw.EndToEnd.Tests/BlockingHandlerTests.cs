using System.Globalization;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>A handler that holds the thread that it is called on holds up nobody else's request.</summary>
public sealed class BlockingHandlerTests() : OneGateway("blocking", "ok1")
{
    private const int Blocked = 60;

    // .NET's pool by itself, from one thread for each processor on, would not come so far while a test waits.
    private const int BlockedInPool = 95;

    /// <inheritdoc/>
    protected override GatewayOptions Options { get; } = new()
    {
        // Longer than any wait here; and what never returns must not hold up the end.
        Arguments = ["--set", "Limits:DeadlineMs=120000", "--set", "Worker:Transport=epoll", "--set", "Worker:StopTimeoutMs=1000"],
    };

    [Test]
    public async Task Many_more_blocked_requests_than_event_loops_delay_no_other_route()
    {
        using var waiting = Http.Http11(Gateway.Address);
        var blocked = Enumerable.Range(0, Blocked).Select(_ => waiting.GetStringAsync("/blocking/wait")).ToList();
        await InsideAsync(Blocked);
        for (var i = 0; i < 20; i++)
        {
            using var newcomer = Http.Http11(Gateway.Address);
            Assert.That(await newcomer.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
            Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));
        }
        Assert.That(blocked, Has.None.Matches<Task>(task => task.IsCompleted));
        Assert.That(await Gateway.Control.GetStringAsync("/metrics"), Does.Match("edgegw_worker_loop_handovers_total [0-9]{2}").And.Match("edgegw_worker_loop_threads [0-9]{2}"));
        using var opened = await Client.PostAsync("/blocking/open", null);
        opened.EnsureSuccessStatusCode();
        await Task.WhenAll(blocked);
    }

    // Streams of HTTP/2 and posted work run on .NET's pool.
    [TestCase("wait")]
    [TestCase("post")]
    public async Task Many_blocked_threads_of_the_pool_delay_no_other_route_and_no_deploy(string way)
    {
        using var connection = Http.Http2(Gateway.Address);
        var before = await InsideAsync();
        var blocked = Enumerable.Range(0, BlockedInPool).Select(_ => connection.GetStringAsync("/blocking/" + way)).ToList();
        await InsideAsync(before + BlockedInPool);
        for (var i = 0; i < 20; i++)
        {
            using var newcomer = Http.Http2(Gateway.Address);
            Assert.That(await newcomer.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
            Assert.That(await connection.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
        }
        await Gateway.DeployAsync(Repository.Fixture("ok1"), "--set", "way=" + way);
        Assert.That(await Gateway.Control.GetStringAsync("/metrics"), Does.Match("edgegw_worker_pool_threads_held (9[5-9]|1[0-9]{2})").And.Contain("edgegw_worker_thread_refusals_total 0\n"));
        using var opened = await Client.PostAsync("/blocking/open", null);
        opened.EnsureSuccessStatusCode();
        await Task.WhenAll(blocked);
        await Eventually.TrueAsync(async () => await InsideAsync() == before, () => "all have come back");
    }

    [Test]
    public async Task A_handler_that_never_returns_delays_no_other_route()
    {
        using var connection = await RawConnection.OpenAsync(Gateway.Address);
        await connection.SendAsync("GET /blocking/never HTTP/1.1\r\nHost: x\r\n\r\n");
        await InsideAsync(1);
        for (var i = 0; i < 20; i++)
        {
            using var newcomer = Http.Http11(Gateway.Address);
            Assert.That(await newcomer.GetStringAsync("/ok"), Is.EqualTo("{\"version\":1}"));
            Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));
        }
    }

    // At least: the one that never returns stays.
    private Task InsideAsync(int count) => Eventually.TrueAsync(async () => await InsideAsync() >= count, () => $"{count} requests are inside the handler");

    private async Task<int> InsideAsync() => int.Parse(await TextAsync("/blocking/inside"), CultureInfo.InvariantCulture);
}
