using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace EdgeGw.Tests.Support;

/// <summary>Clients of one protocol each, without a pool shared between tests.</summary>
public static class Http
{
    /// <summary>HTTP/1.1, redirects and cookies left alone.</summary>
    public static HttpClient Http11(Uri address) => Exactly(address, HttpVersion.Version11);

    /// <summary>HTTP/2: with prior knowledge over cleartext, by ALPN over TLS.</summary>
    public static HttpClient Http2(Uri address) => Exactly(address, HttpVersion.Version20);

    /// <summary>A request of the client's own protocol: one made by hand asks for HTTP/1.1 otherwise.</summary>
    public static HttpRequestMessage Request(this HttpClient client, HttpMethod method, string path) =>
        new(method, path) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };

    /// <summary>Whatever path: HTTP over a Unix socket.</summary>
    public static HttpClient OverUnixSocket(string path)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://localhost"), Timeout = Eventually.Patience };
    }

    private static HttpClient Exactly(Uri address, Version version) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        // Certificates of tests are signed by themselves: no chain leads to a root, and that alone is overlooked.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, errors) => errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors },
    })
    {
        BaseAddress = address,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = Eventually.Patience,
    };
}
