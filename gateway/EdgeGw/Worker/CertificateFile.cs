using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.Configuration;

namespace EdgeGw.Worker;

/// <summary>The certificate from its PEM files, read again when they change. Files that cannot be read leave the certificate before in use.</summary>
internal sealed class CertificateFile : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    private readonly TlsSettings _settings;
    private readonly Action<string> _info;
    private readonly Action<string> _error;
    private readonly Timer _timer;
    private X509Certificate2? _current;
    private (DateTime, DateTime) _stamp;

    /// <summary>Reads it now, and looks for changes from now on: by time stamp, since renewals replace files and links in ways that file watching misses.</summary>
    public CertificateFile(TlsSettings settings, Action<string> info, Action<string> error)
    {
        (_settings, _info, _error) = (settings, info, error);
        Look();
        _timer = new Timer(_ => Look(), null, s_period, s_period);
    }

    /// <summary>The certificate for new connections; null when none could be read.</summary>
    public X509Certificate2? Current => Volatile.Read(ref _current);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            var stamp = (File.GetLastWriteTimeUtc(_settings.Certificate!), File.GetLastWriteTimeUtc(_settings.Key!));
            if (stamp == _stamp)
            {
                return;
            }
            _stamp = stamp;
            // Connections that have begun with the old one keep it; it is not disposed under them.
            Volatile.Write(ref _current, X509Certificate2.CreateFromPemFile(_settings.Certificate!, _settings.Key));
            _info($"The certificate {_settings.Certificate} is in use, valid until {Current!.NotAfter:u}.");
        }
        catch (Exception e) when (e is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            _error($"The certificate {_settings.Certificate} with key {_settings.Key} cannot be read: {e.Message}{(Current is null ? "" : " The one before stays in use.")}");
        }
    }
}
