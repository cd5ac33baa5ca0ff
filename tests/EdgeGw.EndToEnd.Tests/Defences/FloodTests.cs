using System.Net.Sockets;
using static EdgeGw.Tests.Support.Http2Frames;

namespace EdgeGw.EndToEnd.Tests.Defences;

/// <summary>Too much of something: it ends by itself, it is counted, and others are served.</summary>
public sealed class FloodTests() : OneGateway("ok1")
{
    private const string Failed = "edgegw_worker_connections_failed_total";

    protected override GatewayOptions Options { get; } = new() { Arguments = ["--set", "Limits:HeaderTimeoutMs=1000"] };

    [TearDown]
    public async Task Others_are_served() => Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));

    [Test]
    public async Task A_client_that_begins_and_resets_streams_is_read_more_slowly()
    {
        const string Slowed = "edgegw_worker_http2_slowed_connections_total";
        using var client = await OpenAsync(Gateway.Address);
        using var stop = new CancellationTokenSource();
        // Some seconds of what it may, and then whatever fits into the kernel's buffers and the pipe's.
        var attacking = client.SendUntilRefusedAsync(i => [.. Frame(Headers, EndStream | EndHeaders, (2 * i) + 1, Get("/ok")), .. Frame(Reset, 0, (2 * i) + 1, [0, 0, 0, 8])], stop.Token);
        await Eventually.TrueAsync(async () => await Metric.OfAsync(Gateway, Slowed) == 1, () => "it is slowed");
        Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));
        await stop.CancelAsync();
        Assert.That(async () => await attacking, Throws.InstanceOf<OperationCanceledException>(), "it was not ended");
    }

    [Test]
    public Task Headers_that_go_on_in_continuations() =>
        FloodAsync(i => i == 0 ? Frame(Headers, EndStream, 1, Get("/ok")) : Frame(Continuation, 0, 1, [0, 1, (byte)'a', 100, .. new byte[100].Select(_ => (byte)'b')]));

    [Test]
    public Task Continuations_with_nothing_in_them() => FloodAsync(i => i == 0 ? Frame(Headers, EndStream, 1, Get("/ok")) : Frame(Continuation, 0, 1, []));

    [Test]
    public Task A_header_block_that_unpacks_to_megabytes() => FloodAsync(i => Frame(
        Headers, EndStream | EndHeaders, (2 * i) + 1, [.. Get("/ok"), 0x40, 1, (byte)'a', 0x7f, 0xa1, 0x1e, .. new byte[4000].Select(_ => (byte)'b'), .. new byte[3000].Select(_ => (byte)0xbe)]));

    [Test]
    public async Task Connections_beyond_the_limit_are_reset_and_go_on_when_others_have_ended()
    {
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Limits:Connections=20"] });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await BoundAsync(gateway, 20, "edgegw_worker_connections_refused_total{limit=\"connections\"}");
    }

    [Test]
    public async Task Connections_of_one_address_are_bounded_unless_it_is_a_trusted_proxys()
    {
        const string Refused = "edgegw_worker_connections_refused_total{limit=\"address\"}";
        await using var gateway = await Gateway.StartAsync(new() { Arguments = ["--set", "Limits:ConnectionsPerAddress=20", "--set", "Proxy:Trusted:0=127.0.0.2"] });
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        await BoundAsync(gateway, 20, Refused);
        var refused = await Metric.OfAsync(gateway, Refused);
        var proxy = new List<Socket>();
        for (var i = 0; i < 30; i++)
        {
            proxy.Add(await ConnectAsync(gateway, "127.0.0.2"));
            Assert.That(await AnswersAsync(proxy[^1]), Is.True, "a trusted proxy's connections are many clients'");
        }
        proxy.ForEach(socket => socket.Dispose());
        Assert.That(await Metric.OfAsync(gateway, Refused), Is.EqualTo(refused));
    }

    private static async Task BoundAsync(Gateway gateway, int bound, string refused)
    {
        var open = new List<Socket>();
        for (var i = 0; i < bound; i++)
        {
            open.Add(await ConnectAsync(gateway, "127.0.0.1"));
            Assert.That(await AnswersAsync(open[^1]), Is.True, $"connection {i}");
        }
        using (var beyond = await ConnectAsync(gateway, "127.0.0.1"))
        {
            Assert.That(await AnswersAsync(beyond), Is.False);
        }
        Assert.That(await Metric.OfAsync(gateway, refused), Is.Positive);
        Assert.That(await AnswersAsync(open[0]), Is.True, "those that are open are served");
        open.ForEach(socket => socket.Dispose());
        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await ConnectAsync(gateway, "127.0.0.1");
                return await AnswersAsync(again);
            },
            () => "there is room again");
    }

    private static async Task<Socket> ConnectAsync(Gateway gateway, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Refused before this side had seen that it is connected: it gets no answer.
        }
        return socket;
    }

    private static async Task<bool> AnswersAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("GET /ok HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            using var limit = new CancellationTokenSource(Eventually.Patience);
            return await socket.ReceiveAsync(new byte[4096], limit.Token) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Which of two ends Kestrel sees first is chance, and a client's own is no reason: so again until it is counted.
    private async Task FloodAsync(Func<int, byte[]> next)
    {
        var before = await Metric.OfAsync(Gateway, Failed);
        await Eventually.TrueAsync(
            async () =>
            {
                using var client = await OpenAsync(Gateway.Address);
                await client.SendUntilRefusedAsync(next);
                return await Metric.OfAsync(Gateway, Failed) > before;
            },
            () => "an end of the flood is counted");
    }
}
