namespace EdgeGw.EndToEnd.Tests.Defences;

/// <summary>Requests that a proxy in front may read another way than the gateway: each is refused, and its connection closed, so that nothing behind it is taken for a request.</summary>
public sealed class SmugglingTests() : OneGateway("ok1", "dump")
{
    private const string Post = "POST /dump/x HTTP/1.1\r\nHost: x\r\n";
    private const string Chunked = Post + "Transfer-Encoding: chunked\r\n\r\n";
    private const string Behind = "GET /dump/behind HTTP/1.1\r\nHost: x\r\n\r\n";

    [TestCase(Post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", TestName = "Both lengths, Content-Length first")]
    [TestCase(Post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", TestName = "Both lengths, Transfer-Encoding first")]
    [TestCase(Post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", TestName = "Two lengths")]
    [TestCase(Post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", TestName = "One length twice")]
    [TestCase(Post + "Content-Length: 4, 4\r\n\r\nabcd", TestName = "A list of lengths")]
    [TestCase(Post + "Content-Length: -1\r\n\r\n", TestName = "A negative length")]
    [TestCase(Post + "Content-Length: 0x4\r\n\r\nabcd", TestName = "A hexadecimal length")]
    [TestCase(Post + "Content-Length: 99999999999999999999\r\n\r\n", TestName = "A length beyond 64 bits")]
    [TestCase(Post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", TestName = "Another coding before chunked")]
    [TestCase(Post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", TestName = "Another coding after chunked")]
    [TestCase(Post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", TestName = "An unknown coding")]
    [TestCase(Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", TestName = "chunked twice")]
    [TestCase(Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", TestName = "chunked and identity")]
    [TestCase(Post + "Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n", TestName = "A control character before chunked")]
    [TestCase(Post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", TestName = "A space before the colon")]
    [TestCase("POST /dump/x HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", TestName = "chunked over HTTP 1.0")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x\r\nX-A: b\r\n folded\r\n\r\n", TestName = "A folded header")]
    [TestCase("GET /dump/x HTTP/1.1\r\n Host: x\r\n\r\n", TestName = "A fold at the first header")]
    [TestCase("GET /dump/x HTTP/1.1\nHost: x\n\n", TestName = "Line feeds alone")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x\nX-B: c\r\n\r\n", TestName = "One line feed alone")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x\r\nX-A: b\rX-B: c\r\n\r\n", TestName = "A carriage return alone")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x\r\nX-A: b\0c\r\n\r\n", TestName = "A zero byte in a value")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n", TestName = "A space in a name")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", TestName = "No name")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x\r\nnocolon\r\n\r\n", TestName = "No colon")]
    [TestCase("GET /dump/x HTTP/1.1\r\n\r\n", TestName = "No host")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", TestName = "Two hosts")]
    [TestCase("GET /dump/x HTTP/1.1\r\nHost: x, y\r\n\r\n", TestName = "A list of hosts")]
    [TestCase("G@T /dump/x HTTP/1.1\r\nHost: x\r\n\r\n", TestName = "A method that is none")]
    [TestCase("GET /dump/x y HTTP/1.1\r\nHost: x\r\n\r\n", TestName = "A space in the target")]
    [TestCase("GET /dump/x\r\n", TestName = "HTTP 0.9")]
    public async Task Is_refused_with_400_and_nothing_behind_it_is_served(string request)
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, request + Behind);
        Assert.That(answer, Does.StartWith("HTTP/1.1 400 ").And.Contain("\r\nConnection: close\r\n"));
        Assert.That(answer.Split("HTTP/1.1 "), Has.Length.EqualTo(2), "one answer alone");
    }

    [TestCase("zz\r\nabc\r\n0\r\n\r\n", TestName = "A size that is none")]
    [TestCase("0x3\r\nabc\r\n0\r\n\r\n", TestName = "A size with a prefix")]
    [TestCase("-1\r\nabc\r\n0\r\n\r\n", TestName = "A negative size")]
    [TestCase("fffffffffffffffff\r\nabc\r\n0\r\n\r\n", TestName = "A size beyond 64 bits")]
    [TestCase("3\nabc\r\n0\r\n\r\n", TestName = "A line feed after the size")]
    [TestCase("3\r\nabc\n0\r\n\r\n", TestName = "A line feed after the data")]
    [TestCase("3\r\nabcd\r\n0\r\n\r\n", TestName = "More data than the size")]
    [TestCase("3;a=\nb\r\nabc\r\n0\r\n\r\n", TestName = "A line feed in an extension")]
    [TestCase("0\r\nContent Length: 5\r\n\r\n", TestName = "A trailer that is none")]
    public async Task A_wrong_chunk_ends_the_connection_before_anything_behind_it_is_served(string chunks)
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, Chunked + chunks + Behind);
        Assert.That(answer.Split("HTTP/1.1 "), Has.Length.LessThanOrEqualTo(2), "one answer at most");
        Assert.That(answer, Does.Not.Contain("behind"));
    }

    [Test]
    public async Task What_is_refused_for_its_framing_is_counted()
    {
        await RawConnection.ExchangeAsync(Gateway.Address, Post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        await Eventually.TrueAsync(async () => await Metric.OfAsync(Gateway, "edgegw_worker_framing_refused_total") > 0, () => "the gateway's reason is counted");
        await RawConnection.ExchangeAsync(Gateway.Address, "GET /dump/x HTTP/1.1\nHost: x\n\n");
        await Eventually.TrueAsync(async () => await Metric.OfAsync(Gateway, "edgegw_worker_connections_failed_total{reason=\"invalid_request_line\"}") > 0, () => "Kestrel's reason is counted");
    }
}
