using System.Net.Security;
using System.Net.Sockets;
using StackExchange.Redis;

namespace EdgeGw.Services.Cache.Redis;

/// <summary>The one connection of a service to its server: made with the first call, shared by all, made again by the library whenever it is lost.</summary>
internal sealed class RedisConnection(ConfigurationOptions options, string server) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _opening;
    private volatile IDatabase? _database;
    private volatile string? _reason;

    /// <summary>Why the last attempt to connect failed, as the end of a sentence about the server.</summary>
    public string Reason => _reason ?? "does not answer";

    /// <summary>Host and port.</summary>
    public string Server => server;

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
            opening = _opening ??= ConnectAsync();
        }
        var connection = await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _database ??= connection.GetDatabase();
    }

    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        // Said here and nowhere else: what a call gets later has lost the reason.
        options.ConnectionAttemptCompleted += (_, attempt) => _reason = attempt.IsSuccess ? null : ReasonOf(attempt);
        // Off the handler's thread: names are looked up and certificates checked on the way.
        return Task.Run(() => ConnectionMultiplexer.ConnectAsync(options));
    }

    private static string ReasonOf(ConnectionAttemptCompletedEventArgs attempt)
    {
        if (attempt.FailureType == ConnectionFailureType.AuthenticationFailure && attempt.ServerCertificateAccepted != false && attempt.Stage != ConnectionAttemptStage.Tls)
        {
            return "does not accept the user and the password of this service, or asks for ones that are not set";
        }
        if (attempt.ServerCertificatePolicyErrors is { } errors and not SslPolicyErrors.None)
        {
            return $"has a certificate that is not trusted or is not for this host ({errors}): see the settings host and caFile";
        }
        for (var e = attempt.Exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
            {
                return $"cannot be reached: {socket.Message}";
            }
        }
        return $"{attempt.Stage} {attempt.FailureType} {attempt.Exception}";
    }
}
