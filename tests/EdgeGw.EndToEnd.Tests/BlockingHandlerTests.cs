using System.Globalization;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>A handler that holds the thread that it is called on holds up nobody else's request.</summary>
public sealed class BlockingHandlerTests() : OneGateway("blocking", "ok1")
{
    private const int Blocked = 60;

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
    private Task InsideAsync(int count) =>
        Eventually.TrueAsync(async () => int.Parse(await TextAsync("/blocking/inside"), CultureInfo.InvariantCulture) >= count, () => $"{count} requests are inside the handler");
}
