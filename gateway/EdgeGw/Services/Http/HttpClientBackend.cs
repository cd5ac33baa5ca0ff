using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Epochs;

namespace EdgeGw.Services.Http;

/// <summary>The pooled client of one service. What it is asked for says nothing about the client itself: it never counts as down.</summary>
internal sealed class HttpClientBackend : IServiceBackend
{
    // What is left of an answer that nobody reads to its end: so little is read away, so that the connection can be used again; else it is closed.
    private const int MaxDrainBytes = 64 * 1024;

    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(1);
    // Names are looked up again at least so often.
    private static readonly TimeSpan s_connectionLife = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(1);
    // A connection of HTTP/2 carries many requests: a dead one must not take all of them along.
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(15);

    private readonly HttpMessageInvoker _client;
    private readonly HostRules _rules;
    private readonly AuthenticationHeaderValue? _proxyLogin;
    private readonly long _maxResponseBytes;
    private readonly int _maxHeadBytes;

    private HttpClientBackend(EpochService config, ServiceSettings settings, AddressLookup lookup, TimeProvider time)
    {
        var proxy = settings.Text("proxy");
        _rules = new HostRules(settings.Text("allow"), settings.Text("deny"), config.ToString());
        Places = new HttpPlaces(config.PoolSize + config.QueueLength, config.ToString());
        _maxResponseBytes = settings.Number("maxResponseBytes");
        _maxHeadBytes = (int)settings.Number("maxHeadBytes");
        MaxPieceBytes = (int)settings.Number("maxPieceBytes");
        var patience = TimeSpan.FromMilliseconds(settings.Number("connectTimeoutMs"));
        var connector = new HostConnector(proxy.Length > 0 ? null : _rules, lookup, patience, time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = proxy.Length > 0,
            ActivityHeadersPropagator = null,
            MaxConnectionsPerServer = (int)settings.Number("maxPerHost"),
            MaxResponseHeadersLength = (_maxHeadBytes + 1023) / 1024,
            MaxResponseDrainSize = MaxDrainBytes,
            ResponseDrainTimeout = s_drain,
            ConnectTimeout = patience,
            PooledConnectionLifetime = s_connectionLife,
            PooledConnectionIdleTimeout = s_idle,
            KeepAlivePingDelay = s_ping,
            KeepAlivePingTimeout = s_ping,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(context.DnsEndPoint, cancellationToken),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(settings) },
        };
        if (proxy.Length > 0)
        {
            var login = (User: settings.Text("proxyUser"), Password: settings.Text("proxyPassword"));
            handler.Proxy = new WebProxy(proxy) { Credentials = login.User.Length > 0 ? new NetworkCredential(login.User, login.Password) : null };
            _proxyLogin = login.User.Length > 0 ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.User}:{login.Password}"))) : null;
        }
        _client = new HttpMessageInvoker(handler);
    }

    /// <inheritdoc/>
    public bool IsImmediate => false;

    /// <inheritdoc/>
    public bool Blocks => false;

    /// <summary>The requests under way.</summary>
    public HttpPlaces Places { get; }

    /// <summary>The most bytes of a body that is given whole, or of one write.</summary>
    public int MaxPieceBytes { get; }

    /// <summary>Makes one from its settings.</summary>
    /// <param name="config">What it is made from.</param>
    /// <param name="stateDirectory">For paths.</param>
    /// <param name="time">The clock.</param>
    /// <param name="lookup">Finds addresses; null: the system's.</param>
    public static HttpClientBackend Create(EpochService config, string stateDirectory, TimeProvider time, AddressLookup? lookup = null) =>
        new(config, new ServiceSettings(config, stateDirectory), lookup ?? Dns.GetHostAddressesAsync, time);

    /// <summary>Takes a place and begins to send.</summary>
    public HttpTransfer Begin(OutgoingRequest request)
    {
        Check(request);
        return new HttpTransfer(this, request, Places.Take(request.Url.Authority), _maxResponseBytes);
    }

    /// <summary>Sends a request, and what redirects make of it; the head of the last answer.</summary>
    public async Task<HttpResponseMessage> ExchangeAsync(OutgoingRequest request, StreamedBody? streamed, HttpPlace place, CancellationToken cancellationToken)
    {
        for (var followed = 0; ; followed++)
        {
            var content = request.IsStreamed ? streamed : request.Body.IsEmpty ? null : (HttpContent)new ReadOnlyMemoryContent(request.Body);
            var message = request.ToMessage(content);
            if (request.Url.Scheme == "http")
            {
                message.Headers.ProxyAuthorization = _proxyLogin;
            }
            var response = await _client.SendAsync(message, cancellationToken).ConfigureAwait(false);
            if (followed == request.MaxRedirects || request.After(response) is not { } next)
            {
                return response;
            }
            response.Dispose();
            Check(next);
            place.MoveTo(next.Url.Authority);
            request = next;
        }
    }

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask; // there is no server of its own to connect to

    /// <inheritdoc/>
    public ServiceFault Classify(Exception exception) => HttpFaults.Of(exception, "The server");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Places.CloseAsync().ConfigureAwait(false);
        _client.Dispose();
    }

    private void Check(OutgoingRequest request)
    {
        if (request.HeadBytes > _maxHeadBytes)
        {
            throw new ServiceException(AbiResult.TooLarge, $"The request's URL and headers have {request.HeadBytes} bytes; this service sends {_maxHeadBytes} at most (setting maxHeadBytes).", "head-too-large");
        }
        _rules.Check(request.Url);
    }

    // Beside the system's: what handlers call is not one server.
    private static X509ChainPolicy? Trust(ServiceSettings settings)
    {
        if (settings.Trust("caFile") is not { } policy)
        {
            return null;
        }
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        return policy;
    }
}
