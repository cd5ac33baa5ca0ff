using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.Configuration;

namespace EdgeGw.Control.Supervision;

/// <summary>Looks at the certificate before anything is started: a worker that cannot read it would serve nobody over TLS.</summary>
internal static class TlsFiles
{
    /// <summary>Throws <see cref="ControlStartException"/> with a sentence when an <c>https://</c> address has no usable certificate.</summary>
    internal static void Check(IReadOnlyList<ListenAddress> addresses, TlsSettings tls)
    {
        if (addresses.FirstOrDefault(address => address.Scheme == "https") is not { } first)
        {
            return;
        }
        if (string.IsNullOrEmpty(tls.Certificate) || string.IsNullOrEmpty(tls.Key))
        {
            throw new ControlStartException($"{first.UrlWith(first.Port)} needs a certificate: set Tls:Certificate and Tls:Key to PEM files.");
        }
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ControlStartException($"The certificate '{tls.Certificate}' with the key '{tls.Key}' cannot be used: {e.Message.TrimEnd('.')}.");
        }
    }
}
