using System.Net;
using System.Net.Sockets;
using EdgeGw.Epochs;
using EdgeGw.Http.Tests.Interop;

namespace EdgeGw.Http.Tests;

/// <summary>Servers that fail, and what the handler is told.</summary>
public sealed class HttpFaultTests : HttpLab
{
    [Test]
    public async Task A_server_that_refuses_is_unavailable_and_the_service_is_not()
    {
        using var closed = new Socket(SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, so that nobody else gets the port; not listening
        var server = $"127.0.0.1:{((IPEndPoint)closed.LocalEndPoint!).Port}";
        for (var i = 0; i < 5; i++)
        {
            AssertFault(await Http.Get($"http://{server}/"), AbiResult.Unavailable, "connect", $"{server} could not be connected to: Connection refused.");
        }
        Assert.That(await Http.Text(await Http.Get(Plain("/hello"))), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_name_without_an_address_is_said_to_have_none()
    {
        await ResolveAsync((_, _) => throw new SocketException((int)SocketError.HostNotFound));
        AssertFault(await Http.Get("http://nowhere.example/"), AbiResult.Unavailable, "name", "nowhere.example has no address: its name could not be resolved.");
        await ResolveAsync((_, _) => Task.FromResult<IPAddress[]>([]));
        AssertFault(await Http.Get("http://nowhere.example/"), AbiResult.Unavailable, "name", "nowhere.example has no address: its name could not be resolved.");
    }

    [Test]
    public async Task A_head_that_does_not_come_is_given_up_after_the_requests_own_time_and_the_service_goes_on()
    {
        for (var i = 0; i < 5; i++)
        {
            // Long enough for the request to have come: one that has not cannot be seen to be cut off.
            AssertFault(await Http.Get(Plain("/gate"), 1_500), AbiResult.TimedOut, "timeout", $"{Upstream.Plain.Authority} did not answer within 1500 ms.");
        }
        Assert.That(Lab.Actor(ServiceKinds.Http, "default").Health.Error, Is.Null);
        Assert.That(await Http.Text(await Http.Get(Plain("/hello"))), Is.EqualTo("hello"));
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Aborted == 5), () => $"{Upstream.Aborted} of 5 requests were cut off");
    }

    [Test]
    public async Task A_requests_own_time_holds_also_when_it_is_longer_than_the_services()
    {
        Lab.Configure(Service() with { TimeoutMs = 1 });
        var late = Http.Get(Plain("/gate"), 60_000);
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Waiting == 1), () => "the request has not come");
        AssertFault(await Http.Get(Plain("/gate")), AbiResult.TimedOut, "timeout", $"{Upstream.Plain.Authority} did not answer within 1 ms.");
        Upstream.Gate.SetResult();
        Assert.That((await late).Status(), Is.EqualTo(200));
    }

    [Test]
    public async Task An_answer_to_a_streamed_request_has_the_requests_own_time()
    {
        var open = await Http.Open("POST", Plain("/gate"), OutgoingBody.Unknown, 100);
        AssertFault(await Http.Finish(open.Open), AbiResult.TimedOut, "timeout", $"{Upstream.Plain.Authority} did not answer within 100 ms.");
    }

    [Test]
    public async Task A_body_that_does_not_go_on_is_given_up_and_its_connection_closed()
    {
        Lab.Configure(Service() with { TimeoutMs = 2_000 }); // what the server has sent must have come by then
        var head = await Http.Get(Plain("/begun"), 60_000);
        Assert.That((await Http.Read(head.Open)).Blob(), Is.EqualTo("begun"u8.ToArray()));
        AssertFault(await Http.Read(head.Open), AbiResult.TimedOut, "timeout", $"{Upstream.Plain.Authority} sent nothing of its answer's body within 2000 ms.");
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Aborted == 1), () => "the request goes on");
        await Eventually.TrueAsync(async () => (await Http.Read(head.Open)).Result == AbiResult.InvalidState, () => "the answer is still open");
    }

    [Test]
    public async Task A_body_that_nobody_takes_is_given_up()
    {
        Lab.Configure(Service() with { TimeoutMs = 300 });
        await using var server = new RawServer(_ => new TaskCompletionSource().Task);
        var open = await Http.Open("POST", server.Url);
        var written = open;
        await Eventually.TrueAsync(async () => (written = await Http.Write(open.Open, new byte[1 << 20])).Result != AbiResult.Ok, () => "the body is taken");
        AssertFault(written, AbiResult.TimedOut, "timeout", $"{new Uri(server.Url).Authority} took nothing of the request's body within 300 ms.");
    }

    [TestCase("garbage\r\n\r\n", AbiResult.IoError, "protocol", "answered with what is no valid HTTP: Received an invalid status line: 'garbage'.")]
    [TestCase("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", AbiResult.IoError, "protocol", "answered with what is no valid HTTP: Received an invalid header line: 'no colon'.")]
    [TestCase("", AbiResult.IoError, "connection-lost", "closed the connection before its answer was complete.")]
    [TestCase("HTTP/1.1 200 OK\r\nX: ", AbiResult.IoError, "connection-lost", "closed the connection before its answer was complete.")]
    public async Task An_answer_that_is_none_is_an_error_with_its_reason(string said, AbiResult result, string code, string error)
    {
        await using var server = RawServer.SayingOnly(said);
        AssertFault(await Http.Send("POST", server.Url, "x"), result, code, $"{new Uri(server.Url).Authority} {error}");
    }

    [Test]
    public async Task A_body_that_ends_early_is_an_error_and_not_an_end()
    {
        await using var server = RawServer.SayingOnly("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive5");
        var head = await Http.Get(server.Url);
        Assert.That((await Http.Read(head.Open)).Blob(), Is.EqualTo("five5"u8.ToArray()));
        AssertFault(await Http.Read(head.Open), AbiResult.IoError, "connection-lost", $"{new Uri(server.Url).Authority} closed the connection before its answer was complete.");
        Assert.That((await Http.Read(head.Open)).Result, Is.EqualTo(AbiResult.InvalidState));
    }

    [Test]
    public async Task A_reset_in_the_middle_is_an_error()
    {
        var read = new TaskCompletionSource();
        await using var server = new RawServer(async socket =>
        {
            await RawServer.SayAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive5");
            await read.Task;
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        });
        var head = await Http.Get(server.Url);
        Assert.That((await Http.Read(head.Open)).Blob(), Is.EqualTo("five5"u8.ToArray()));
        read.SetResult();
        AssertFault(await Http.Read(head.Open), AbiResult.IoError, "connection-lost", $"The connection to {new Uri(server.Url).Authority} was lost: Connection reset by peer.");
    }

    [Test]
    public async Task A_server_that_resets_during_the_requests_body_is_an_error()
    {
        await using var server = new RawServer(socket =>
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
            return Task.CompletedTask;
        });
        var open = await Http.Open("POST", server.Url);
        Reply written;
        do
        {
            written = await Http.Write(open.Open, new byte[65_536]);
        }
        while (written.Result == AbiResult.Ok);
        Assert.That((written.Result, written.Code), Is.EqualTo((AbiResult.IoError, "connection-lost")), written.ToString());
    }

    [Test]
    public async Task A_certificate_that_nobody_vouches_for_is_said_to_be_the_reason()
    {
        var refused = await Http.Get(Secure("/hello"));
        Assert.That((refused.Result, refused.Code), Is.EqualTo((AbiResult.Unavailable, "tls")), refused.ToString());
        Assert.That(refused.Error, Does.StartWith($"localhost:{Upstream.Secure.Port} could not be talked to over TLS: The remote certificate is invalid because of errors in the certificate chain:"));
        Configure(("caFile", Upstream.CaFile));
        Assert.That(await Http.Text(await Http.Get(Secure("/hello"))), Is.EqualTo("hello"));
        await ResolveAsync((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), ("caFile", Upstream.CaFile));
        Assert.That((await Http.Get($"https://other.example:{Upstream.Secure.Port}/hello")).Error, Does.Contain("RemoteCertificateNameMismatch"));
    }

    [Test]
    public async Task A_head_that_is_too_long_is_an_error()
    {
        Configure(("maxHeadBytes", "1024"));
        await using var server = RawServer.Saying($"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 2000)}\r\nContent-Length: 0\r\n\r\n");
        AssertFault(await Http.Get(server.Url), AbiResult.TooLarge, "head-too-large", $"{new Uri(server.Url).Authority} answered with a head that is longer than this service takes (setting maxHeadBytes).");
        var long0 = await Http.Get(Plain("/hello"), 0, 0, ("X-Long", new string('x', 2000)));
        Assert.That((long0.Result, long0.Code, long0.Error), Is.EqualTo((AbiResult.TooLarge, "head-too-large",
            $"The request's URL and headers have {3 + Plain("/hello").Length + 2010} bytes; this service sends 1024 at most (setting maxHeadBytes).")));
    }

    [Test]
    public async Task A_body_that_is_too_long_is_cut_off_with_an_error()
    {
        Configure(("maxResponseBytes", "100000"));
        AssertFault(await Http.Get(Plain("/large?length")), AbiResult.TooLarge, "response-too-large", $"The answer has {Upstream.Large} bytes; this service takes 100000 at most (setting maxResponseBytes).");
        Assert.That((await Http.Send("HEAD", Plain("/large?length"), "")).Status(), Is.EqualTo(200), "it has no body");

        var head = await Http.Get(Plain("/large"));
        Reply piece;
        do
        {
            piece = await Http.Read(head.Open);
        }
        while (piece.Result == AbiResult.Ok);
        AssertFault(piece, AbiResult.TooLarge, "response-too-large", "The answer has more bytes; this service takes 100000 at most (setting maxResponseBytes).");
    }

    [Test]
    public async Task A_piece_that_is_too_long_is_refused_at_once()
    {
        Configure(("maxPieceBytes", "65536"));
        Assert.That((await Http.Send("POST", Plain("/count"), new string('x', 65_537))).Result, Is.EqualTo(AbiResult.TooLarge));
        var open = await Http.Open("POST", Plain("/count"));
        Assert.That((await Http.Write(open.Open, new byte[65_537])).Result, Is.EqualTo(AbiResult.TooLarge));
        Assert.That((await Http.Write(open.Open, new byte[65_536])).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That(await Http.Text(await Http.Finish(open.Open)), Is.EqualTo("65536"));
    }
}
