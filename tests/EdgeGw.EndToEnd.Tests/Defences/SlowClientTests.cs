using System.Net.Sockets;
using System.Text;

namespace EdgeGw.EndToEnd.Tests.Defences;

/// <summary>Clients that take their time: each is given up after the time that the settings allow it, counted, and delays nobody.</summary>
public sealed class SlowClientTests() : OneGateway("ok1", "dump", "stream")
{
    private const string SlowReaders = "edgegw_worker_slow_readers_total";

    protected override GatewayOptions Options { get; } = new()
    {
        Arguments =
        [
            "--set", "Limits:HeaderTimeoutMs=1000", "--set", "Limits:MinBodyBytesPerSecond=100000", "--set", "Limits:MinResponseBytesPerSecond=1000", "--set", "Limits:SlowReaderTimeoutMs=3000",
        ],
    };

    [TearDown]
    public async Task Others_are_served() => Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));

    [Test]
    public async Task A_head_that_does_not_end_is_answered_408_and_counted()
    {
        var answer = await RawConnection.ExchangeAsync(Gateway.Address, "GET /ok HTTP/1.1\r\nHost: x\r\nX-A: ");
        Assert.That(answer, Does.StartWith("HTTP/1.1 408 "));
        await CountedAsync("edgegw_worker_connections_failed_total{reason=\"request_headers_timeout\"}");
    }

    [Test]
    public async Task A_body_that_does_not_come_ends_the_connection_and_is_counted()
    {
        await RawConnection.ExchangeAsync(Gateway.Address, "POST /dump/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
        await CountedAsync("edgegw_worker_connections_failed_total{reason=\"min_request_body_data_rate\"}");
    }

    [Test]
    public async Task A_client_that_does_not_read_a_large_answer_is_reset_and_counted()
    {
        var before = await Metric.OfAsync(Gateway, SlowReaders);
        using var client = await StingyAsync();
        await client.SendAsync("GET /stream/bytes/50000000 HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await CountedAsync(SlowReaders, before);
        Assert.That(
            async () =>
            {
                // What has arrived before the reset may still be there.
                while (await client.ReceiveAsync(new byte[65_536]) > 0)
                {
                }
            },
            Throws.TypeOf<SocketException>());
    }

    [Test]
    public async Task A_client_that_asks_on_and_on_and_reads_nothing_is_reset_and_counted()
    {
        var before = await Metric.OfAsync(Gateway, SlowReaders);
        using var client = await StingyAsync();
        var request = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"GET /dump/{new string('x', 500)} HTTP/1.1\r\nHost: x\r\n\r\n", 100)));
        try
        {
            using var limit = new CancellationTokenSource(Eventually.Patience);
            while (true)
            {
                await client.SendAsync(request, limit.Token); // waits once the gateway reads no more, since it cannot answer
            }
        }
        catch (SocketException)
        {
            await CountedAsync(SlowReaders, before);
        }
    }

    [Test]
    public async Task A_client_that_reads_slowly_but_steadily_gets_all_of_its_answer()
    {
        using var client = await StingyAsync();
        await client.SendAsync("GET /stream/bytes/6000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        var (received, buffer) = (0, new byte[4096]);
        // Slowly enough to take longer than Limits:SlowReaderTimeoutMs, and that is long enough for a client that the machine lets wait.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await client.ReceiveAsync(buffer) is var length and > 0)
        {
            received += length;
            await pace.WaitForNextTickAsync();
        }
        Assert.That(received, Is.GreaterThan(6_000_000));
    }

    private async Task<Socket> StingyAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Gateway.Address.Port);
        return socket;
    }

    private Task CountedAsync(string series, double before = 0) => Eventually.TrueAsync(async () => await Metric.OfAsync(Gateway, series) > before, () => $"{series} is counted");
}
