using System.Net.Sockets;
using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Control.Supervision;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Relay;
using EdgeGw.Transport;
using EdgeGw.Worker.Defences;
using EdgeGw.Worker.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Worker;

/// <summary>Bare Kestrel on the inherited sockets: HTTP/1.1, HTTP/2 with prior knowledge on the same port, and both over TLS.</summary>
internal sealed class DataServer : IAsyncDisposable
{
    private const int MaxReadBufferSize = 1024 * 1024;
    private const int MaxWriteBufferSize = 64 * 1024;

    private readonly StoppableTransport _transport;
    private readonly ConnectionCount _connections = new();
    private readonly KestrelServer _server;
    private readonly KestrelServer _http2Server;
    private readonly HandedOverListenerFactory _http2Connections = new();
    private readonly CertificateFile? _certificate;
    private readonly EpollTransport? _loops;
    private readonly ConnectionEnds _ends = new();
    private readonly Gateway _gateway;
    private readonly TaskCompletionSource _stoppedAccepting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sets it up; nothing is accepted yet. An isolated worker listens on the Unix socket <paramref name="relay"/>.</summary>
    public DataServer(GatewaySettings settings, IReadOnlyList<InheritedListener> listeners, string? relay, Gateway gateway, LogHub log)
    {
        _gateway = gateway;
        var loggers = new LogHubLoggerFactory(log);
        _loops = settings.Worker.Transport == "epoll" ? EventLoops(settings, loggers) : null;
        _transport = new StoppableTransport((IConnectionListenerFactory?)_loops ?? SocketTransport(loggers));
        var services = Services(loggers, listeners.Any(l => l.IsTls));

        var gate = new ConnectionGate(settings.Limits, new TrustedProxies(settings.Proxy.Trusted));
        var brake = new ResetBrake(settings.Limits, new TrustedProxies(settings.Proxy.Trusted), TimeProvider.System);
        var options = Options(settings, services);
        if (listeners.Any(l => l.IsTls))
        {
            _certificate = new CertificateFile(settings.Tls, message => log.Write(Level.Info, "worker", message), message => log.Write(Level.Error, "worker", message));
        }
        foreach (var listener in listeners)
        {
            options.ListenHandle((ulong)listener.Descriptor, listen =>
            {
                listen.Use(gate.Middleware);
                listen.Use(_connections.Middleware);
                listen.Protocols = listener.IsTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                if (listener.IsTls)
                {
                    listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, _) => _certificate!.Current });
                    listen.Use(GatheredSends.TlsMiddleware);
                    listen.Use(brake.TlsMiddleware);
                }
                else
                {
                    listen.Use(next => new Http2Preface(next, _http2Connections, settings.Limits).OnConnectionAsync);
                }
            });
        }
        if (relay is not null)
        {
            File.Delete(relay);
            options.Limits.Http2.MaxStreamsPerConnection = settings.Limits.Concurrency;
            // The shared worker keeps what clients owe: it reads for them, and may wait for a slow one as long as that may be slow.
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
            options.Limits.MaxRequestHeadersTotalSize = settings.Limits.MaxHeaderBytes + RelayHead.MaxBytes;
            options.Limits.MaxRequestHeaderCount = settings.Limits.MaxHeaderCount + 1;
            options.Limits.Http2.MaxRequestHeaderFieldSize = settings.Limits.MaxHeaderBytes + RelayHead.MaxBytes;
            options.ListenUnixSocket(relay, listen =>
            {
                listen.Use(_connections.Middleware);
                listen.Use(GatheredSends.Middleware);
                listen.Protocols = HttpProtocols.Http2;
            });
        }
        _server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(options), _transport, loggers);

        // Kestrel fixes the protocol per listener, and nginx, Caddy and their users expect HTTP/2 with prior knowledge on the plain port too: a second server that
        // listens nowhere takes the connections which begin with the HTTP/2 preface.
        var http2 = Options(settings, services);
        http2.Listen(HandedOverListenerFactory.EndPoint, listen =>
        {
            listen.Use(GatheredSends.Middleware);
            listen.Use(brake.Middleware);
            listen.Protocols = HttpProtocols.Http2;
        });
        _http2Server = new KestrelServer(Microsoft.Extensions.Options.Options.Create(http2), _http2Connections, loggers);
    }

    /// <summary>The event loops; null when .NET's sockets move the bytes.</summary>
    public EpollTransport? Loops => _loops;

    /// <summary>Whether what moves the bytes does so within <paramref name="patience"/>; blocks until then.</summary>
    public bool GoesRound(TimeSpan patience)
    {
        if (_loops is not null)
        {
            return _loops.LoopsGoRound(patience);
        }
        using var ran = new ManualResetEventSlim();
        return ThreadPool.UnsafeQueueUserWorkItem(static ran => ran.Set(), ran, preferLocal: false) && ran.Wait(patience);
    }

    /// <summary>Ends once it accepts no more.</summary>
    public Task StoppedAccepting => _stoppedAccepting.Task;

    /// <summary>Begins to accept.</summary>
    public async Task StartAsync()
    {
        await _http2Server.StartAsync<IFeatureCollection>(_gateway, CancellationToken.None).ConfigureAwait(false);
        await _server.StartAsync<IFeatureCollection>(_gateway, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Open connections.</summary>
    public int Connections => _connections.Open;

    /// <summary>Ends in the order in which nothing is lost: accepts no more; answers what connections still ask, each answer being their last; then ends those that ask nothing, lets the
    /// others finish, and closes the rest when their time is over.</summary>
    public async Task StopAsync(StopOrders orders)
    {
        _gateway.BeginDrain();
        _loops?.BeginLingering();
        await _transport.StopAcceptingAsync().ConfigureAwait(false);
        _stoppedAccepting.TrySetResult();
        await orders.IdleAsync(() => _connections.Open == 0).ConfigureAwait(false);
        using var abort = new CancellationTokenSource();
        // The first server first: from then on it hands no connection over to the second.
        var ended = Task.WhenAll(_server.StopAsync(abort.Token), _http2Server.StopAsync(abort.Token));
        await orders.RequestsAsync(ended, () => _gateway.HasResponsesUnderWay).ConfigureAwait(false);
        await abort.CancelAsync().ConfigureAwait(false);
        await ended.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _http2Server.Dispose();
        _certificate?.Dispose();
        _ends.Dispose();
        return _loops?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private static EpollTransport EventLoops(GatewaySettings settings, ILoggerFactory loggers) => new(
        new EpollTransportOptions
        {
            MaxReadBufferSize = MaxReadBufferSize,
            MaxWriteBufferSize = MaxWriteBufferSize,
            MaxThreads = settings.Worker.Threads,
            MaxUnsentBytes = settings.Limits.UnsentBytes,
            MinSendBytesPerSecond = settings.Limits.MinResponseBytesPerSecond,
            SlowReaderWindow = TimeSpan.FromMilliseconds(settings.Limits.SlowReaderTimeoutMs),
        },
        loggers);

    private static SocketTransportFactory SocketTransport(ILoggerFactory loggers)
    {
        var options = new SocketTransportOptions
        {
            // The request goes on on the thread that the socket woke: no hop to another one between recv, handler and send.
            UnsafePreferInlineScheduling = true,
            // Waiting for data with an empty receive first would cost one system call more per request; without it an idle connection holds a 4 KiB buffer, which
            // Limits:Connections bounds.
            WaitForDataBeforeAllocatingBuffer = false,
            MaxReadBufferSize = MaxReadBufferSize,
            MaxWriteBufferSize = MaxWriteBufferSize,
            // Kestrel calls listen() again on the shared socket, which must not change what control chose.
            Backlog = ListenSockets.Backlog,
            // Owned, unlike Kestrel's own way with handles: a worker that stops listening must give the descriptor up, or clients would wait in a queue that nobody serves.
            CreateBoundListenSocket = static endPoint => endPoint is FileHandleEndPoint handle
                ? new Socket(new SafeSocketHandle((nint)handle.FileHandle, ownsHandle: true))
                : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint),
        };
        return new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(options), loggers);
    }

    // UseHttps takes services of Kestrel's own that only its hosting extensions register. Building a host costs some milliseconds, so only a gateway with TLS does it.
    private static IServiceProvider Services(ILoggerFactory loggers, bool withTls)
    {
        if (!withTls)
        {
            return new ServiceCollection().AddSingleton(loggers).BuildServiceProvider();
        }
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton(loggers);
        return builder.Build().Services;
    }

    private static KestrelServerOptions Options(GatewaySettings settings, IServiceProvider services)
    {
        var limits = settings.Limits;
        var options = new KestrelServerOptions
        {
            ApplicationServices = services,
            AddServerHeader = false,
            AllowSynchronousIO = false,
            // A forwarded scheme need not be the connection's own.
            AllowAlternateSchemes = true,
            // Header values are bytes: one character each on the way in and out, so that nothing is lost or reinterpreted.
            RequestHeaderEncodingSelector = static _ => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static _ => Encoding.Latin1,
        };
        options.Limits.MaxConcurrentConnections = null; // ConnectionGate counts them, and those that it refuses
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = limits.MaxBodyBytes;
        options.Limits.MaxRequestLineSize = limits.MaxRequestLineBytes;
        options.Limits.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        options.Limits.MaxRequestHeaderCount = limits.MaxHeaderCount;
        options.Limits.MaxRequestBufferSize = Math.Max(1024 * 1024, limits.MaxRequestLineBytes + limits.MaxHeaderBytes);
        options.Limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(limits.HeaderTimeoutMs);
        options.Limits.KeepAliveTimeout = TimeSpan.FromMilliseconds(limits.KeepAliveTimeoutMs);
        options.Limits.MinRequestBodyDataRate = limits.MinBodyBytesPerSecond == 0 ? null : new MinDataRate(limits.MinBodyBytesPerSecond, TimeSpan.FromSeconds(5));
        // Since its beginning on average: what fitted into buffers at once is taken for hours of patience. The transport looks at what the client really takes.
        options.Limits.MinResponseDataRate = new MinDataRate(limits.MinResponseBytesPerSecond, TimeSpan.FromMilliseconds(Math.Max(5_000, limits.SlowReaderTimeoutMs)));
        options.Limits.Http2.MaxStreamsPerConnection = limits.Http2Streams;
        options.Limits.Http2.MaxRequestHeaderFieldSize = limits.MaxHeaderBytes;
        return options;
    }
}
