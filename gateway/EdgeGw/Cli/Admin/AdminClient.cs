using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeGw.Cli.Admin;

/// <summary>What the gateway answered: the values, and the text they were read from.</summary>
internal sealed record AdminReply<T>(T Value, string Json);

/// <summary>Speaks docs/admin-api.md, over the Unix socket of a state directory or over TCP with a token. Every failure is a <see cref="CliException"/>. Safe from any thread.</summary>
internal sealed partial class AdminClient : IDisposable
{
    private const int LargestAnswerBytes = 64 << 20;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http;
    private readonly string _where;

    private AdminClient(SocketsHttpHandler handler, Uri server, string where)
    {
        _where = where;
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswerBytes };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("edgegw", ProductVersion.Number));
    }

    /// <summary>Talks to the gateway whose control socket is <paramref name="path"/>.</summary>
    public static AdminClient ForSocket(string path)
    {
        var handler = NewHandler();
        handler.ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return new(handler, new Uri("http://edgegw/"), path);
    }

    /// <summary>Talks to the Admin API at a URL; over https it trusts <paramref name="authorities"/>, or without them the system's.</summary>
    public static AdminClient ForServer(Uri server, string token, X509Certificate2Collection? authorities = null)
    {
        var handler = NewHandler();
        if (authorities is not null)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = trust;
        }
        var client = new AdminClient(handler, server, server.GetLeftPart(UriPartial.Path));
        client._http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>The gateway's state.</summary>
    public Task<AdminReply<StatusReply>> GetStatusAsync(CancellationToken cancel) => GetAsync("api/v1/status", CliJson.Default.StatusReply, cancel);

    /// <summary>Every route.</summary>
    public Task<AdminReply<RoutesReply>> GetRoutesAsync(CancellationToken cancel) => GetAsync("api/v1/routes", CliJson.Default.RoutesReply, cancel);

    /// <summary>The newest epochs.</summary>
    public Task<AdminReply<EpochsReply>> GetEpochsAsync(int limit, CancellationToken cancel) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"api/v1/epochs?limit={limit}"), CliJson.Default.EpochsReply, cancel);

    /// <summary>The deaths of workers, newest first.</summary>
    public Task<AdminReply<CrashesReply>> GetCrashesAsync(CancellationToken cancel) => GetAsync("api/v1/crashes", CliJson.Default.CrashesReply, cancel);

    /// <summary>One of them.</summary>
    public Task<AdminReply<CrashReply>> GetCrashAsync(int id, CancellationToken cancel) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"api/v1/crashes/{id}"), CliJson.Default.CrashReply, cancel);

    /// <summary>Deploys the library that <paramref name="library"/> sends.</summary>
    public async Task<AdminReply<ChangeReply>> DeployAsync(DeployQuery query, UploadContent library, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/deployments" + query.ToQueryString()) { Content = library };
        request.Headers.Add("X-File-Name", library.HeaderName);
        // A wrong token or a library that is too large is refused before it has been sent.
        request.Headers.ExpectContinue = true;
        return await SendAsync(request, CliJson.Default.ChangeReply, cancel);
    }

    /// <summary>Goes back: one handler, to an epoch, or to the parent of the current one.</summary>
    public async Task<AdminReply<ChangeReply>> RollBackAsync(RollbackRequest rollback, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/rollbacks") { Content = JsonContent.Create(rollback, CliJson.Default.RollbackRequest) };
        return await SendAsync(request, CliJson.Default.ChangeReply, cancel);
    }

    /// <summary>Takes a handler out of service.</summary>
    public async Task<AdminReply<ChangeReply>> UndeployAsync(string handler, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "api/v1/handlers/" + Uri.EscapeDataString(handler));
        return await SendAsync(request, CliJson.Default.ChangeReply, cancel);
    }

    /// <summary>Has the settings read again and the worker replaced.</summary>
    public async Task<AdminReply<ReloadReply>> ReloadAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/reload");
        return await SendAsync(request, CliJson.Default.ReloadReply, cancel);
    }

    /// <summary>Has the program at the gateway's path take its place.</summary>
    public async Task<AdminReply<UpgradeReply>> UpgradeAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/upgrade");
        return await SendAsync(request, CliJson.Default.UpgradeReply, cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler NewHandler() => new() { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = ConnectTimeout };

    private async Task<AdminReply<T>> GetAsync<T>(string url, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await SendAsync(request, type, cancel);
    }

    private async Task<AdminReply<T>> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var response = await Reach(() => _http.SendAsync(request, cancel), cancel);
        var text = await Reach(() => response.Content.ReadAsStringAsync(cancel), cancel);
        if (!response.IsSuccessStatusCode)
            throw AdminProblem.Read(response.StatusCode, text, _where);
        try
        {
            return new(JsonSerializer.Deserialize(text, type) ?? throw new JsonException(), text);
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.Failed, $"{_where} answered something that is not the Admin API's; is it an edgegw of another version?");
        }
    }

    private async Task<T> Reach<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            throw new CliException(ExitCode.Unreachable, Unreachable(e)) { IsBroken = IsBroken(e) };
        }
    }

    // There was a connection, and it is no more.
    private static bool IsBroken(Exception e) =>
        e is not OperationCanceledException and not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };

    private string Unreachable(Exception e)
    {
        var socket = e as SocketException ?? e.InnerException as SocketException;
        return socket?.SocketErrorCode switch
        {
            SocketError.AccessDenied => $"no permission to open {_where}: run this as the user that runs the gateway",
            SocketError.ConnectionRefused or SocketError.AddressNotAvailable => $"no gateway answers at {_where}; start one with 'edgegw run', or say where it is with --state or --server",
            SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted => $"the connection to {_where} broke",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"the name in {_where} is not known",
            null when e is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"no secure connection to {_where}: {e.InnerException?.Message ?? e.Message}",
            null when e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or OperationCanceledException => $"no gateway answers at {_where}",
            null => $"the connection to {_where} broke: {e.InnerException?.Message ?? e.Message}",
            _ => $"{_where} cannot be reached: {socket.Message}",
        };
    }
}
