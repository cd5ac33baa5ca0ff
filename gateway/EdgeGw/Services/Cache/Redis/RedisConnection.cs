using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace EdgeGw.Services.Cache.Redis;

/// <summary>The one connection of a service to its server: made with the first call, shared by all, made again by the library whenever it is lost.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    // The library tells why an attempt failed some moments after it has.
    private static readonly TimeSpan s_untilTold = TimeSpan.FromMilliseconds(100);

    private readonly ConfigurationOptions _options;
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _opening;
    private volatile IDatabase? _database;
    private volatile string? _reason;

    /// <summary>Does not connect yet.</summary>
    /// <param name="options">How; they become this connection's own.</param>
    /// <param name="host">The server, and the name in its certificate.</param>
    /// <param name="port">Its port.</param>
    /// <param name="trusted">Which authorities to trust where the connection is encrypted; null for the system's.</param>
    public RedisConnection(ConfigurationOptions options, string host, long port, X509ChainPolicy? trusted)
    {
        _options = options;
        Server = $"{host}:{port}";
        options.ConnectionAttemptCompleted += (_, attempt) => Learn(attempt);
        if (options.Ssl)
        {
            options.SslClientAuthenticationOptions = _ => new SslClientAuthenticationOptions
            {
                TargetHost = host,
                CertificateChainPolicy = trusted?.Clone(),
                RemoteCertificateValidationCallback = (_, _, _, errors) => IsRight(errors),
            };
        }
    }

    /// <summary>Host and port.</summary>
    public string Server { get; }

    /// <summary>Why the last attempt to connect failed, as the end of a sentence about the server.</summary>
    public string Reason => _reason ?? (_options.Ssl ? "does not answer; if it does not speak TLS, see the setting tls" : "does not answer");

    /// <summary>The commands, once there has been a first attempt to connect.</summary>
    public IDatabase? Database => _database;

    /// <summary>The commands. Waits only while the first attempt to connect is under way; after it, a server that is not there is an exception of each call.</summary>
    public ValueTask<IDatabase> OpenAsync(CancellationToken cancellationToken) => _database is { } database ? ValueTask.FromResult(database) : FirstAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? opening;
        lock (_lock)
        {
            opening = _opening;
            _opening = Task.FromException<ConnectionMultiplexer>(new ObjectDisposedException(nameof(RedisConnection)));
        }
        if (opening is null)
        {
            return;
        }
        try
        {
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or SocketException or ObjectDisposedException)
        {
            // nothing was connected
        }
    }

    private async ValueTask<IDatabase> FirstAsync(CancellationToken cancellationToken)
    {
        Task<ConnectionMultiplexer> opening;
        lock (_lock)
        {
            // Off the handler's thread: names are looked up and certificates checked on the way.
            opening = _opening ??= Task.Run(ConnectAsync);
        }
        var connection = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _database ??= connection.GetDatabase();
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(_options).ConfigureAwait(false);
        if (!connection.IsConnected)
        {
            await Task.WhenAny(_told.Task, Task.Delay(s_untilTold)).ConfigureAwait(false);
        }
        return connection;
    }

    private bool IsRight(SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.None)
        {
            _reason = $"has a certificate that is not trusted or is not for this host ({errors}): see the settings host and caFile";
        }
        return errors == SslPolicyErrors.None;
    }

    private void Learn(ConnectionAttemptCompletedEventArgs attempt)
    {
        if (attempt.IsSuccess)
        {
            _reason = null;
        }
        else if (attempt.Stage != ConnectionAttemptStage.Tls || attempt.FailureType != ConnectionFailureType.AuthenticationFailure)
        {
            _reason = ReasonOf(attempt);
        }
        _told.TrySetResult();
    }

    private string? ReasonOf(ConnectionAttemptCompletedEventArgs attempt)
    {
        if (attempt.FailureType == ConnectionFailureType.AuthenticationFailure)
        {
            return "does not accept the user and the password of this service, or asks for ones that are not set";
        }
        for (var e = attempt.Exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
            {
                return attempt.Stage == ConnectionAttemptStage.Handshake && !_options.Ssl
                    ? "closes the connection before it answers; if it speaks only TLS, see the setting tls"
                    : $"cannot be reached: {socket.Message}";
            }
        }
        return null;
    }
}
