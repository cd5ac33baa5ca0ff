using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Text;
using EdgeGw.Epochs;

namespace EdgeGw.Pipeline.Relay;

/// <summary>The shared worker's connections to one isolated worker: HTTP/2 over a Unix socket, since bodies go both ways at once. Whoever is behind the socket may be replaced; the next connection finds the next one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It goes with its version, which stays for as long as the process: a later epoch may bring it back. Connections that are idle end by themselves.")]
internal sealed class IsolatedLink
{
    private readonly HttpMessageInvoker _http;

    /// <summary>Connects when the first request comes.</summary>
    /// <param name="key">The deployment's <see cref="DeploymentKey"/>.</param>
    /// <param name="socketPath">Where its worker is.</param>
    public IsolatedLink(string key, string socketPath)
    {
        Key = key;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            // Header values are bytes here: one character each.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectCallback = (_, cancellation) => ConnectAsync(socketPath, cancellation),
        });
    }

    /// <summary>The deployment behind it.</summary>
    public string Key { get; }

    /// <summary>Sends a request; ends with the head of its answer.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) => _http.SendAsync(request, cancellation);

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
