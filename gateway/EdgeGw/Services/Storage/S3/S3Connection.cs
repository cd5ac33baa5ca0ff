using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGw.Services.Storage.S3;

/// <summary>The pooled connections to a server.</summary>
internal static class S3Connection
{
    /// <summary>Makes the pool; it does not connect yet. Throws <see cref="ServiceConfigurationException"/> when the file with the authorities cannot be read.</summary>
    public static SocketsHttpHandler Create(string caFile)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a signature is for one host
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a change of the name's addresses is noticed
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        if (caFile.Length > 0)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(caFile) };
        }
        return handler;
    }

    private static X509ChainPolicy Trusting(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ServiceConfigurationException("'caFile' cannot be read, or is no PEM file with certificates.");
        }
        return policy.CustomTrustStore.Count > 0 ? policy : throw new ServiceConfigurationException("'caFile' has no certificate in it.");
    }
}
