using System.Text;
using EdgeGw.Http.Tests.Interop;

namespace EdgeGw.Http.Tests;

/// <summary>Requests and answers as a handler sends and sees them, against a real server.</summary>
public sealed class HttpBehaviourTests : HttpLab
{
    [Test]
    public async Task An_answer_has_its_status_its_headers_and_its_body()
    {
        var head = await Http.Get(Plain("/hello"));
        Assert.That(head.Status(), Is.EqualTo(200));
        Assert.That(head.Header("X-Twice"), Is.EqualTo(["one", "two"]));
        Assert.That(head.Header("Transfer-Encoding"), Is.Empty, "it says nothing about the answer");
        Assert.That(await Http.Text(head), Is.EqualTo("hello"));
        Assert.That((await Http.Read(head.Open)).Result, Is.EqualTo(AbiResult.InvalidState), "it is closed at its end");
    }

    [Test]
    public async Task An_error_status_is_an_answer_like_any_other()
    {
        var head = await Http.Get(Plain("/nothing"));
        Assert.That(head.Status(), Is.EqualTo(404));
        Assert.That(await Http.Rest(head), Is.Empty);
    }

    [Test]
    public async Task A_whole_body_arrives_byte_for_byte_with_its_length([Values("POST", "PUT", "PATCH", "DELETE", "QUERY")] string method)
    {
        var head = await Http.Send(method, Plain("/echo"), "\0\xff bytes", ("Content-Type", "application/octet-stream"));
        Assert.That((head.Status(), head.Header("X-Length")[0]), Is.EqualTo((200L, "8")));
        Assert.That(Encoding.Latin1.GetString(await Http.Rest(head)), Is.EqualTo("\0\xff bytes"));
    }

    [Test]
    public async Task A_body_arrives_in_pieces_with_its_length_or_without([Values(10L, OutgoingBody.Unknown)] long length, [Values] bool secure)
    {
        Configure(("caFile", Upstream.CaFile));
        var open = await Http.Open("POST", secure ? Secure("/echo") : Plain("/echo"), length);
        Assert.That((open.Result, open.Values.Count), Is.EqualTo((AbiResult.Ok, 0)), open.ToString());
        foreach (var piece in (string[])["01234", "567", "", "89"])
        {
            Assert.That((await Http.Write(open.Open, Encoding.UTF8.GetBytes(piece))).Result, Is.EqualTo(AbiResult.Ok));
        }
        var head = await Http.Finish(open.Open);
        Assert.That(head.Header("X-Length"), Is.EqualTo([length < 0 ? "none" : "10"]));
        Assert.That(await Http.Text(head), Is.EqualTo("0123456789"));
        Assert.That((await Http.Write(open.Open, [1])).Result, Is.EqualTo(AbiResult.InvalidState), "the request is over");
    }

    [Test]
    public async Task A_body_that_is_not_as_long_as_announced_is_refused()
    {
        var open = await Http.Open("POST", Plain("/count"), 4);
        AssertFault(await Http.Write(open.Open, new byte[5]), AbiResult.Refused, "body-length", "The request's body was announced with 4 bytes, and more are written.");
        Assert.That((await Http.Write(open.Open, new byte[3])).Result, Is.EqualTo(AbiResult.Ok));
        AssertFault(await Http.Finish(open.Open), AbiResult.Refused, "body-length", "The request's body was announced with 4 bytes and has 3.");
        Assert.That((await Http.Finish(open.Open)).Result, Is.EqualTo(AbiResult.InvalidState));
    }

    [Test]
    public async Task Headers_of_one_connection_and_those_that_follow_from_the_request_are_not_sent()
    {
        var head = await Http.Get(Plain("/head?a=%2Fb"), 0, 0, ("Host", "elsewhere"), ("Content-Length", "77"), ("Connection", "close, x-mine"), ("X-Mine", "1"), ("Keep-Alive", "1"),
            ("Transfer-Encoding", "chunked"), ("TE", "trailers"), ("Upgrade", "h2c"), ("Proxy-Authorization", "Basic eA=="), ("X-Other", "2"), ("X-Other", "3"));
        Assert.That((await Http.Text(head)).Split('\n'), Is.EqualTo([$"GET /head?a=%2Fb HTTP/1.1", $"Host: {Upstream.Plain.Authority}", "X-Other: 2, 3"]));
    }

    [Test]
    public async Task Nothing_is_added_to_a_request_and_no_cookie_is_kept()
    {
        await using var server = new RawServer(socket => RawServer.SayAsync(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nSet-Cookie: a=b\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno"));
        for (var i = 0; i < 2; i++)
        {
            Assert.That(await Http.Text(await Http.Get(server.Url)), Is.EqualTo("no"), "it is not unpacked either");
        }
        Assert.That(server.Heads, Is.EqualTo(Enumerable.Repeat($"GET / HTTP/1.1\r\nHost: {new Uri(server.Url).Authority}\r\n\r\n", 2)));
    }

    [Test]
    public async Task Bytes_of_headers_that_are_no_ASCII_are_kept_both_ways()
    {
        await using var server = RawServer.Saying("HTTP/1.1 200 OK\r\nX-Utf8: Zo\xc3\xab\r\nX-Latin: Zo\xeb\r\nContent-Length: 0\r\n\r\n");
        var head = await Http.Get(server.Url, 0, 0, ("X-Name", "Zoë"));
        Assert.That((head.Header("X-Utf8")[0], head.Header("X-Latin")[0]), Is.EqualTo(("Zoë", "Zoë")));
        Assert.That(server.Heads.Single(), Does.Contain("X-Name: Zo\xc3\xab\r\n"));
    }

    [Test]
    public async Task What_is_no_request_is_refused_and_nothing_is_called_back()
    {
        using var scope = Assert.EnterMultipleScope();
        foreach (var (method, url, headers, length) in new (string, string, (string, string)[], long)[]
        {
            ("", "http://x/", [], -2), ("G T", "http://x/", [], -2), ("CONNECT", "http://x/", [], -2),
            ("GET", "", [], -2), ("GET", "/path", [], -2), ("GET", "ftp://x/", [], -2), ("GET", "file:///etc/passwd", [], -2), ("GET", "http://", [], -2),
            ("GET", "http://x/", [("", "v")], -2), ("GET", "http://x/", [("a b", "v")], -2), ("GET", "http://x/", [("a:", "v")], -2),
            ("GET", "http://x/", [("a", "v\r\nb: c")], -2), ("GET", "http://x/", [("a", "v\n")], -2), ("GET", "http://x/", [("a", "v\0")], -2),
            ("GET", "http://x/", [.. Enumerable.Repeat(("a", "b"), 101)], -2), ("POST", "http://x/", [], -3),
        })
        {
            Assert.That((await Http.Send(method, url, "", length, 0, 0, headers)).Result, Is.EqualTo(AbiResult.InvalidArgument), $"{method} {url} {string.Join(' ', headers.Take(1))}");
        }
        Assert.That((await Http.SendTruncated()).Result, Is.EqualTo(AbiResult.InvalidArgument));
        Assert.That((await Http.Read(12_345)).Result, Is.EqualTo(AbiResult.InvalidState));
    }

    [Test]
    public async Task A_server_with_TLS_is_asked_over_HTTP_2_when_it_speaks_it()
    {
        Configure(("caFile", Upstream.CaFile));
        Assert.That(await Http.Text(await Http.Get(Secure("/head"))), Does.StartWith("GET /head HTTP/2\n"));
        Assert.That(await Http.Text(await Http.Get(Plain("/head"))), Does.StartWith("GET /head HTTP/1.1\n"));
    }

    [Test]
    public async Task A_server_that_answers_before_it_has_heard_all_wants_no_more()
    {
        Configure(("caFile", Upstream.CaFile));
        var open = await Http.Open("POST", Secure("/early"));
        AbiResult written;
        do
        {
            written = (await Http.Write(open.Open, new byte[1024])).Result;
        }
        while (written == AbiResult.Ok);
        Assert.That(written, Is.EqualTo(AbiResult.End));
        Assert.That((await Http.Finish(open.Open)).Status(), Is.EqualTo(413));
    }

    [Test]
    public async Task A_request_that_waits_for_100_Continue_over_HTTP_1_hears_a_refusal_before_it_sends()
    {
        await using var server = RawServer.Saying("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
        var open = await Http.Open("POST", server.Url, 1 << 20, 0, 0, ("Expect", "100-continue"));
        Assert.That((await Http.Write(open.Open, new byte[1024])).Result, Is.EqualTo(AbiResult.End));
        Assert.That((await Http.Finish(open.Open)).Status(), Is.EqualTo(417));
    }

    [Test]
    public async Task A_proxy_is_gone_through_with_its_login()
    {
        await using var proxy = RawServer.Saying("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied");
        Environment.SetEnvironmentVariable("EDGEGW_HTTP_TESTS_PROXY", "secret");
        Configure(("proxy", proxy.Url.TrimEnd('/')), ("proxyUser", "me"), ("proxyPassword", "env:EDGEGW_HTTP_TESTS_PROXY"), ("deny", "no.example"));
        Assert.That(await Http.Text(await Http.Get("http://yes.example/path")), Is.EqualTo("proxied"));
        Assert.That(proxy.Heads.Single(), Does.StartWith("GET http://yes.example/path HTTP/1.1\r\n").And.Contain($"Proxy-Authorization: Basic {Convert.ToBase64String("me:secret"u8)}\r\n"));
        Assert.That((await Http.Get("http://no.example/")).Code, Is.EqualTo("not-allowed"));
    }
}
