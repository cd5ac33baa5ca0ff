namespace EdgeGw.EndToEnd.Tests;

/// <summary>A handler that breaks the rules hurts nobody but itself.</summary>
public sealed class RudeHandlerTests() : OneGateway("rude", "invalid", "pending", "ok1")
{
    private const string InvalidState = "-2";

    [Test]
    public async Task A_handler_that_never_completes_gets_504_at_its_deadline()
    {
        using var response = await Client.GetAsync("/never");
        await AssertProblemAsync(response, HttpStatusCode.GatewayTimeout);
    }

    [Test]
    public async Task Completing_twice_is_refused_and_the_answer_is_whole()
    {
        Assert.That(await TextAsync("/twice"), Is.EqualTo("once\n"));
        // The second comes after the answer.
        await Eventually.TrueAsync(async () => (await TextAsync("/results")).Contains("second=", StringComparison.Ordinal), () => "the handler has completed twice");
        Assert.That(await TextAsync("/results"), Is.EqualTo($"second={InvalidState}\n"));
    }

    [Test]
    public async Task Completing_and_then_returning_OK_answers_once()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.That(await TextAsync("/twice/returned"), Is.EqualTo("once\n"));
            Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"), "the connection's next answer is not touched");
        }
    }

    [Test]
    public async Task A_read_that_the_handler_forgot_does_not_reach_a_later_request()
    {
        for (var i = 0; i < 20; i++)
        {
            using var connection = await RawConnection.OpenAsync(Gateway.Address);
            await connection.SendAsync("POST /dropped HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n");
            Assert.That(await connection.ReadUntilAsync("read=1"), Does.Contain("200 OK"), "answered although its body has not come");
            using var other = await RawConnection.OpenAsync(Gateway.Address);
            await other.SendAsync("POST /dropped HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\n");
            await connection.SendAsync("secret");
            await other.ReadUntilAsync("read=1");
            await other.SendAsync("public");
            Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));
        }
        // Of this route: another test's request never completes.
        await Eventually.TrueAsync(
            async () => (await Gateway.Control.GetStringAsync("/metrics")).Split('\n').Any(line => line.StartsWith("edgegw_route_in_flight", StringComparison.Ordinal) && line.Contains("route=\"/dropped\"} 0", StringComparison.Ordinal)),
            () => "nothing is left behind");
    }

    [Test]
    public async Task Every_call_after_completion_is_refused()
    {
        Assert.That(await TextAsync("/late"), Is.EqualTo("in time\n"));
        await Eventually.TrueAsync(async () => (await TextAsync("/results")).Contains("complete=", StringComparison.Ordinal), () => "the handler has made its calls");
        AssertAllRefused(await TextAsync("/results"));
    }

    [Test]
    public async Task An_exchange_kept_from_an_earlier_request_cannot_touch_a_later_one()
    {
        Assert.That(await TextAsync("/stale/keep"), Is.EqualTo("kept\n"));
        using var response = await Client.GetAsync("/stale/use");
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("untouched\n"));
        Assert.That(response.Headers.Contains("X-Late"), Is.False);
        AssertAllRefused(await TextAsync("/results"));
    }

    [Test]
    public async Task An_invalid_header_is_refused_and_never_sent([Range(0, 18)] int which)
    {
        using var response = await Client.GetAsync($"/invalid/header/{which}");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("-1"));
        Assert.That(response.Headers.Select(header => header.Key), Has.None.StartsWith("X-Evil").And.None.StartsWith("X-Injected"));
        Assert.That(response.Headers.TransferEncodingChunked, Is.Not.True);
    }

    [Test]
    public async Task A_status_out_of_range_is_refused([Values(0, 100, 101, 199, 600, 999, 4_000_000)] int status) =>
        Assert.That(await TextAsync($"/invalid/status/{status}"), Is.EqualTo("-1"));

    [Test]
    public async Task A_status_in_range_is_sent([Values(200, 201, 299, 418, 599)] int status)
    {
        using var response = await Client.GetAsync($"/invalid/status/{status}");
        Assert.That(((int)response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((status, "0")));
    }

    [Test]
    public async Task A_null_or_stale_argument_is_contained([Range(0, 13)] int which)
    {
        // EDGEGW_INVALID_ARGUMENT where it was checked, EDGEGW_INTERNAL where the memory access was caught; the worker lives on in both cases.
        Assert.That(await TextAsync($"/invalid/null/{which}"), Is.EqualTo("-1"));
        Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));
    }

    [Test]
    public async Task A_body_shorter_than_announced_closes_the_connection()
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, "GET /short HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.That(answer, Does.Not.Contain("HTTP/1.1 200").Or.EndsWith("12345").Or.EndsWith("\r\n\r\n"), "nothing after the bytes that were written");
        await Gateway.Error.WaitForAsync("invalid");
    }

    [Test]
    public async Task A_body_longer_than_announced_is_cut_to_what_was_announced()
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, "GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.That(answer, Does.EndWith("\r\n\r\n12345"));
    }

    [TestCase(9, HttpStatusCode.InternalServerError)]
    [TestCase(7, HttpStatusCode.ServiceUnavailable)]
    [TestCase(3, HttpStatusCode.ServiceUnavailable)]
    [TestCase(77, HttpStatusCode.InternalServerError)]
    public async Task A_handler_that_fails_is_answered_with_a_problem_and_its_reason_stays_in_the_log(int code, HttpStatusCode status)
    {
        using var response = await Client.GetAsync($"/fail/{code}");
        await AssertProblemAsync(response, status);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("a reason for the log only"));
        var line = JsonDocument.Parse(await Gateway.Error.WaitForAsync(response.Headers.GetValues("X-Request-Id").Single())).RootElement;
        Assert.That(line.GetProperty("message").GetString(), Does.Contain("a reason for the log only"));
        Assert.That(line.GetProperty("source").GetString(), Is.EqualTo("invalid"));
    }

    [Test]
    public async Task A_handler_may_complete_from_its_own_thread_inline_or_from_the_gateway([Values("/pending", "/pending/inline", "/pending/posted")] string path)
    {
        using var http2 = Http.Http2(Gateway.Address);
        for (var i = 0; i < 50; i++)
        {
            Assert.That(await TextAsync(path), Is.EqualTo("completed\n"));
            Assert.That(await http2.GetStringAsync(path), Is.EqualTo("completed\n"));
        }
    }

    private static void AssertAllRefused(string results) =>
        Assert.That(results.TrimEnd().Split('\n').Select(line => line.Split('=')), Is.Not.Empty.And.All.Matches<string[]>(pair => pair[1] == InvalidState), results);
}
