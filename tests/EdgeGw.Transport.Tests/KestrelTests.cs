using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGw.Transport.Tests;

/// <summary>Kestrel over the transport.</summary>
public sealed class KestrelTests
{
    private static readonly byte[] s_large = Peers.Pattern(3_000_000);
    private readonly X509Certificate2 _certificate = Certificate();

    [OneTimeTearDown]
    public void Dispose() => _certificate.Dispose();

    [TestCase("http", 1)]
    [TestCase("http", 2)]
    [TestCase("https", 1)]
    [TestCase("https", 2)]
    public async Task Serves_HTTP(string scheme, int version)
    {
        await using var server = await KestrelAsync(listen =>
        {
            listen.Protocols = version == 1 ? HttpProtocols.Http1 : HttpProtocols.Http2;
            if (scheme == "https")
            {
                listen.UseHttps(_certificate);
            }
        });
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => _certificate.Equals(presented);
        using var client = new HttpClient(handler)
        {
            BaseAddress = new UriBuilder(server.Urls.Single()) { Scheme = scheme }.Uri,
            DefaultRequestVersion = new Version(version, version == 1 ? 1 : 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Eventually.Patience,
        };
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            for (var n = 0; n < 5; n++)
            {
                Assert.That(await client.GetStringAsync($"/?{i}.{n}"), Is.EqualTo($"?{i}.{n}"));
                using var content = new ByteArrayContent(s_large);
                using var answer = await client.PostAsync("/echo", content);
                Assert.That((await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(s_large));
            }
        }));
    }

    [Test]
    public async Task A_client_that_ends_its_side_after_the_request_gets_the_answer()
    {
        // One thread for the loop, however long the machine lets it wait: taken over by another, it would see the end while Kestrel is still behind the first answer, and to Kestrel, over its own
        // transport as well, an end that comes before it has read the request is a closed connection.
        await using var server = await KestrelAsync(transport: new() { HandOver = Eventually.Patience });
        using var client = await AskedAsync(server);
        await client.SendAsync("GET /?half HTTP/1.1\r\nHost: x\r\n\r\n");
        client.Shutdown(SocketShutdown.Send);
        Assert.That(Encoding.ASCII.GetString(await client.ReceiveAllAsync()), Does.StartWith("HTTP/1.1 200").And.Contain("?half"));
    }

    [Test]
    public async Task Connections_beyond_Kestrel_s_limit_are_closed_and_those_below_are_served()
    {
        await using var server = await KestrelAsync(options: options => options.Limits.MaxConcurrentConnections = 2);
        using var first = await AskedAsync(server);
        using var second = await AskedAsync(server);
        for (var i = 0; i < 100; i++)
        {
            using var refused = await Server.ConnectAsync(EndPointOf(server));
            Assert.That(await refused.ReceiveAllAsync(), Is.Empty);
        }
        await AskAsync(first);
        first.Shutdown(SocketShutdown.Send);
        await first.ReceiveAllAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using var next = await Server.ConnectAsync(EndPointOf(server));
                await next.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                try
                {
                    return (await next.ReceiveAllAsync()).Length > 0;
                }
                catch (SocketException)
                {
                    return false; // refused with its request unread
                }
            },
            () => "there is room again");
    }

    [Test]
    public async Task First_requests_that_block_hold_no_thread_of_the_pool_and_delay_no_other()
    {
        using var gate = new ManualResetEventSlim();
        var inside = 0;
        var threads = new ConcurrentDictionary<string, bool>();
        await using var server = await KestrelAsync(answer: _ =>
        {
            threads.TryAdd(Thread.CurrentThread.Name ?? "", true);
            Interlocked.Increment(ref inside);
            gate.Wait();
        });
        var count = Environment.ProcessorCount * 8;
        var blocked = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            blocked.Add(await Server.ConnectAsync(EndPointOf(server)));
            await blocked[^1].SendAsync("GET /block HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        await Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref inside) == count), () => $"{count} are inside, not {inside}");
        using (var other = await AskedAsync(server))
        {
            await AskAsync(other);
        }
        Assert.That(threads.Keys, Is.EqualTo(["loop"]), "it is the transport's threads that they hold");
        gate.Set();
        foreach (var client in blocked)
        {
            Assert.That(await client.ReceiveTextAsync(12), Is.EqualTo("HTTP/1.1 200"));
            client.Dispose();
        }
    }

    [Test]
    public async Task Stopping_ends_idle_connections_and_lets_a_request_finish()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = new TaskCompletionSource();
        await using var server = await KestrelAsync(waits: async () =>
        {
            inside.SetResult();
            await goOn.Task;
        });
        using var idle = await AskedAsync(server);
        using var busy = await Server.ConnectAsync(EndPointOf(server));
        await busy.SendAsync("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
        await inside.Task;
        var stopping = server.StopAsync();
        Assert.That(await idle.ReceiveAllAsync(), Is.Empty);
        goOn.SetResult();
        Assert.That(Encoding.ASCII.GetString(await busy.ReceiveAllAsync()), Does.StartWith("HTTP/1.1 200"));
        await stopping.WaitAsync(Eventually.Patience);
    }

    private static async Task<WebApplication> KestrelAsync(Action<ListenOptions>? listen = null, Action<KestrelServerOptions>? options = null, Action<HttpContext>? answer = null, Func<Task>? waits = null, EpollTransportOptions? transport = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new EpollTransport(transport ?? new(), new Lines()));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            options?.Invoke(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0, endPoint =>
            {
                endPoint.Use(next => async connection =>
                {
                    await EpollTransport.EnterLoopAsync(connection).ConfigureAwait(false);
                    await next(connection).ConfigureAwait(false);
                });
                listen?.Invoke(endPoint);
            });
        });
        var server = builder.Build();
        server.Run(async context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/echo":
                    // Whole first: .NET's client does not read before it has sent.
                    using (var all = new MemoryStream())
                    {
                        await context.Request.Body.CopyToAsync(all).ConfigureAwait(false);
                        await context.Response.Body.WriteAsync(all.ToArray()).ConfigureAwait(false);
                    }
                    break;
                case "/block":
                    answer!(context);
                    break;
                case "/wait":
                    await waits!();
                    break;
                default:
                    var text = context.Request.QueryString.Value ?? "";
                    context.Response.ContentLength = text.Length;
                    await context.Response.WriteAsync(text).ConfigureAwait(false);
                    break;
            }
        });
        await server.StartAsync();
        return server;
    }

    private static IPEndPoint EndPointOf(WebApplication server) => new(IPAddress.Loopback, new Uri(server.Urls.Single()).Port);

    // Connected and answered once.
    private static async Task<Socket> AskedAsync(WebApplication server)
    {
        var client = await Server.ConnectAsync(EndPointOf(server));
        await AskAsync(client);
        return client;
    }

    private static async Task AskAsync(Socket client)
    {
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var text = await client.ReceiveTextAsync(1);
            Assert.That(text, Is.Not.Empty);
            head.Append(text);
        }
        Assert.That(head.ToString(), Does.StartWith("HTTP/1.1 200").And.Contain("Content-Length: 0"));
    }

    private static X509Certificate2 Certificate()
    {
        using var folder = new TemporaryFolder();
        Certificates.Write(folder["certificate.pem"], folder["key.pem"], "localhost");
        return X509Certificate2.CreateFromPemFile(folder["certificate.pem"], folder["key.pem"]);
    }
}
