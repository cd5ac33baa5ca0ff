using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGw.Services.Storage.S3;

/// <summary>The pooled connections to a server.</summary>
internal static class S3Connection
{
    /// <summary>Makes the pool; it does not connect yet.</summary>
    /// <param name="trust">Who is trusted; null: the system's authorities.</param>
    public static SocketsHttpHandler Create(X509ChainPolicy? trust)
    {
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a signature is for one host
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a change of the name's addresses is noticed
            ConnectTimeout = TimeSpan.FromSeconds(5),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
        };
    }
}
