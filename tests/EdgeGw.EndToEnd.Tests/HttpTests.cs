using System.Text;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>What crosses to the handler, and what routing answers by itself.</summary>
[TestFixture("shared")]
[TestFixture("process")]
public sealed class HttpTests(string isolation) : OneGateway("dump", "ok1", "stream")
{
    protected override string[] DeployOptions { get; } = ["--isolation", isolation];

    [Test]
    public async Task A_handler_sees_the_request_as_it_was_sent([Values] bool http2)
    {
        using var client = http2 ? Http.Http2(Gateway.Address) : Http.Http11(Gateway.Address);
        byte[] body = [0, 255, 10, 13, 128, 1];
        using var request = client.Request(HttpMethod.Patch, "/dump/a%20b/c%2Fd%ff?q=a%20b&q=2");
        request.Content = new ByteArrayContent(body);
        request.Headers.Add("X-Twice", ["one", "two"]);

        using var response = await client.SendAsync(request);
        var seen = await Dumped.FromAsync(response);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(seen["method"], Is.EqualTo("PATCH"));
        Assert.That(seen["path"], Is.EqualTo("/dump/a b/c/d\u00ff"));
        Assert.That(seen["parameter-0"], Is.EqualTo("a b"));
        Assert.That(seen["parameter-1"], Is.EqualTo("c/d\u00ff"), "%2F never separates");
        Assert.That(seen["query"], Is.EqualTo("q=a%20b&q=2"), "the query is left alone");
        Assert.That(seen["body"], Is.EqualTo(Encoding.Latin1.GetString(body)));
        Assert.That(seen.Raw("content-length"), Is.EqualTo("6"));
        Assert.That(seen.Raw("has-deadline"), Is.EqualTo("1"));
        Assert.That(string.Join(", ", seen.Header("x-twice")), Is.EqualTo("one, two"));
        Assert.That(seen["client"], Is.EqualTo("127.0.0.1"));
        Assert.That(seen["scheme"], Is.EqualTo("http"));
        Assert.That(seen["host"], Is.EqualTo("127.0.0.1"));
        Assert.That(seen["protocol"], Is.EqualTo(http2 ? "HTTP/2" : "HTTP/1.1"));
        Assert.That(seen["target"], Is.EqualTo("/dump/a%20b/c%2Fd%ff?q=a%20b&q=2").IgnoreCase);
        Assert.That(seen["route"], Is.EqualTo("/dump/{a}/{b}"));
        Assert.That(seen["request-id"], Is.EqualTo(response.Headers.GetValues("X-Request-Id").Single()));
    }

    [Test]
    public async Task A_request_id_that_the_client_sent_is_kept()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dump/x") { Headers = { { "X-Request-Id", "from-the-client-1" } } };
        using var response = await Client.SendAsync(request);
        Assert.That(response.Headers.GetValues("X-Request-Id"), Is.EqualTo((string[])["from-the-client-1"]));
        Assert.That((await Dumped.FromAsync(response))["request-id"], Is.EqualTo("from-the-client-1"));
    }

    [TestCase("/dump/a/../b/./c", "/dump/b/c")]
    [TestCase("/x/../dump/y", "/dump/y")]
    [TestCase("/dump/%2e%2e/dump/y", "/dump/y")]
    [TestCase("/dump/%252e", "/dump/%2e")]
    [TestCase("/dump/a//b", "/dump/a//b")]
    [TestCase("/dump/", "/dump/")]
    public async Task A_path_is_normalised_once(string sent, string seen)
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, $"GET {sent} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.That(Dumped.FromRaw(answer)["path"], Is.EqualTo(seen));
    }

    [TestCase("GET /dump/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400)]
    [TestCase("GET /dump/% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400)]
    [TestCase("GET /ok HTTP/1.1\r\n\r\n", 400)]
    [TestCase("GET /ok HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [TestCase("GET /ok HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n", 400)]
    [TestCase("GET /ok HTTP/1.1\r\nHost: x\r\n folded: 1\r\n\r\n", 400)]
    [TestCase("POST /dump/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400)]
    [TestCase("POST /dump/x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [TestCase("POST /dump/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 400)]
    [TestCase("GARBAGE\r\n\r\n", 400)]
    [TestCase("GET /ok HTTP/3.7\r\nHost: x\r\n\r\n", 505)]
    public async Task A_malformed_request_is_refused_and_its_connection_closed(string request, int status)
    {
        Assert.That(await RawConnection.ExchangeAsync(Gateway.Address, request), Does.StartWith($"HTTP/1.1 {status}"));
        Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));
    }

    [TestCase("zz\r\nhello\r\n")]
    [TestCase("5\r\nhelloworld\r\n")]
    [TestCase("-5\r\nhello\r\n")]
    [TestCase("fffffffffffffffff\r\n")]
    public async Task A_malformed_chunk_reaches_the_handler_as_an_error_and_closes_the_connection(string chunks)
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, $"POST /dump/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
        Assert.That(answer, Does.StartWith("HTTP/1.1 400").Or.Match("body-result=-[1-9]"));
    }

    [Test]
    public async Task Headers_beyond_the_limit_are_431_and_a_long_request_line_414()
    {
        var many = string.Concat(Enumerable.Range(0, 150).Select(i => $"X-{i}: 1\r\n"));
        Assert.That(await RawConnection.ExchangeAsync(Gateway.Address, $"GET /ok HTTP/1.1\r\nHost: x\r\n{many}\r\n"), Does.StartWith("HTTP/1.1 431"));
        Assert.That(await RawConnection.ExchangeAsync(Gateway.Address, $"GET /ok HTTP/1.1\r\nHost: x\r\nX: {new string('x', 40_000)}\r\n\r\n"), Does.StartWith("HTTP/1.1 431"));
        Assert.That(await RawConnection.ExchangeAsync(Gateway.Address, $"GET /{new string('x', 10_000)} HTTP/1.1\r\nHost: x\r\n\r\n"), Does.StartWith("HTTP/1.1 414"));
    }

    [Test]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        using var connection = await RawConnection.OpenAsync(Gateway.Address);
        await connection.SendAsync("GET /status/201 HTTP/1.1\r\nHost: x\r\n\r\nGET /status/202 HTTP/1.1\r\nHost: x\r\n\r\nGET /status/203 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var answers = await connection.ReadToEndAsync();
        Assert.That(answers.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries).Select(answer => answer[..3]), Is.EqualTo((string[])["201", "202", "203"]));
    }

    [Test]
    public async Task What_no_route_matches_is_404()
    {
        using var response = await Client.GetAsync("/nowhere");
        await AssertProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_method_without_a_route_is_405_with_Allow()
    {
        using var response = await Client.DeleteAsync("/ok");
        await AssertProblemAsync(response, HttpStatusCode.MethodNotAllowed);
        Assert.That(response.Content.Headers.Allow, Is.EquivalentTo((string[])["GET", "HEAD", "OPTIONS"]));
    }

    [Test]
    public async Task OPTIONS_is_answered_204_with_Allow()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/ok");
        using var response = await Client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Content.Headers.Allow, Is.EquivalentTo((string[])["GET", "HEAD", "OPTIONS"]));
    }

    [Test]
    public async Task HEAD_is_a_GET_without_its_body()
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, "HEAD /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.That(answer, Does.StartWith("HTTP/1.1 200").And.EndsWith("\r\n\r\n").And.Contain("application/json"));
    }

    [TestCase(204)]
    [TestCase(304)]
    public async Task A_status_without_a_body_has_none(int status)
    {
        using var connection = await RawConnection.OpenAsync(Gateway.Address);
        await connection.SendAsync($"GET /status/{status} HTTP/1.1\r\nHost: x\r\n\r\nGET /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var answers = (await connection.ReadToEndAsync()).Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(answers, Has.Length.EqualTo(2));
        Assert.That(answers[0], Does.StartWith($"{status}").And.EndsWith("\r\n\r\n"));
        Assert.That(answers[1], Does.EndWith("{\"version\":1}"));
    }

    [Test]
    public async Task A_body_beyond_the_limit_is_413([Values] bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dump/x") { Content = new StreamContent(new PatternStream(31_000_000)) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = !chunked;
        request.Content.Headers.ContentLength = chunked ? null : 31_000_000;
        if (!chunked)
        {
            using var response = await Client.SendAsync(request);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
            return;
        }

        try
        {
            // How long the body is shows only underway: the handler is told, or the client's sending breaks off.
            using var response = await Client.SendAsync(request);
            Assert.That(response.StatusCode is HttpStatusCode.RequestEntityTooLarge || (await response.Content.ReadAsStringAsync()).StartsWith("body-result=-5", StringComparison.Ordinal), Is.True);
        }
        catch (HttpRequestException exception)
        {
            Assert.That(exception.InnerException, Is.InstanceOf<IOException>());
        }
    }

    [Test]
    public async Task A_handler_log_line_carries_the_request_id()
    {
        using var response = await Client.GetAsync("/log/3");
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("0"));
        var line = JsonDocument.Parse(await Gateway.Error.WaitForAsync("a line from dump")).RootElement;
        Assert.That(line.GetProperty("requestId").GetString(), Is.EqualTo(response.Headers.GetValues("X-Request-Id").Single()));
        Assert.That(line.GetProperty("source").GetString(), Is.EqualTo("dump"));
        Assert.That(line.GetProperty("level").GetString(), Is.EqualTo("Warning"));
    }

    [Test]
    public async Task Metrics_count_requests_by_route()
    {
        await TextAsync("/cookies");
        // Counted when its end has been sent, which the client may hear of first.
        var metrics = "";
        await Eventually.TrueAsync(
            async () => (metrics = await Gateway.Control.GetStringAsync("/metrics")).Split('\n').Any(line => line.Contains("requests_total", StringComparison.Ordinal) && line.Contains("/cookies", StringComparison.Ordinal)),
            () => metrics);
    }
}
