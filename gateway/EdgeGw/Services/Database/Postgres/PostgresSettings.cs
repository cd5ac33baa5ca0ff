using System.Security.Cryptography.X509Certificates;
using EdgeGw.Epochs;
using Npgsql;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>A service's settings as Npgsql takes them.</summary>
internal sealed class PostgresSettings
{
    private const int ReadBufferBytes = 16 * 1024;

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly X509Certificate2Collection? _authorities;

    static PostgresSettings() =>
        // The parameters of statements are the server's own $1. Without this Npgsql reads every statement without parameters for @names, and splits it at semicolons.
        AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);

    /// <summary>Reads them. Throws <see cref="ServiceConfigurationException"/>.</summary>
    public PostgresSettings(EpochService config, string stateDirectory)
    {
        var settings = new ServiceSettings(config, stateDirectory);
        var (host, port) = (settings.Text("host"), (int)settings.Number("port"));
        var isSocket = host.StartsWith('/');
        Server = isSocket ? $"PostgreSQL at {host.TrimEnd('/')}/.s.PGSQL.{port}" : $"PostgreSQL at {host}:{port}";
        MaxRowBytes = settings.Number("maxRowBytes");
        CancelTimeoutMs = (int)settings.Number("cancelTimeoutMs");
        // A Unix socket refuses TCP's options, and with them the connection.
        var keepAlive = isSocket ? 0 : (int)settings.Number("keepAliveSeconds");
        _connection = new NpgsqlConnectionStringBuilder
        {
            Host = host,
            Port = port,
            Database = settings.Text("database"),
            Username = settings.Text("user"),
            Password = settings.Text("password") is { Length: > 0 } password ? password : null,
            SslMode = settings.Text("tls") switch
            {
                "disable" => SslMode.Disable,
                "require" => SslMode.Require,
                "verify-full" => SslMode.VerifyFull,
                _ => SslMode.Prefer,
            },
            GssEncryptionMode = GssEncryptionMode.Disable,
            ApplicationName = settings.Text("applicationName"),
            MaxPoolSize = config.PoolSize,
            Timeout = Seconds(settings.Number("connectTimeoutMs")),
            CancellationTimeout = CancelTimeoutMs,
            // A call's own time ends it long before; this is for what the gateway does by itself, a rollback or a cancelled statement's end. Migrations take as long as they take.
            CommandTimeout = Seconds(config.TimeoutMs) + Seconds(CancelTimeoutMs),
            MaxAutoPrepare = (int)settings.Number("preparedStatements"),
            AutoPrepareMinUsages = 2,
            TcpKeepAlive = keepAlive > 0,
            TcpKeepAliveTime = keepAlive,
            TcpKeepAliveInterval = keepAlive > 0 ? Math.Max(1, keepAlive / 3) : 0,
            ReadBufferSize = ReadBufferBytes,
            WriteBufferSize = ReadBufferBytes,
            ArrayNullabilityMode = ArrayNullabilityMode.PerInstance,
            Enlist = false,
        };
        _authorities = _connection.SslMode == SslMode.VerifyFull ? settings.Authorities("caFile") : null;
    }

    /// <summary>The server, for sentences.</summary>
    public string Server { get; }

    /// <summary>The most bytes of one row.</summary>
    public long MaxRowBytes { get; }

    /// <summary>How long the server may take to end what was cancelled.</summary>
    public int CancelTimeoutMs { get; }

    /// <summary>A source of connections.</summary>
    public NpgsqlDataSource Build(bool pooled)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(_connection.ConnectionString);
        builder.ConnectionStringBuilder.Pooling = pooled;
        builder.EnableArrays();
        builder.EnableJsonTypes();
        builder.EnableTransportSecurity();
        if (_authorities is not null)
        {
            builder.UseRootCertificates(_authorities);
        }
        return builder.Build();
    }

    private static int Seconds(long milliseconds) => (int)((milliseconds + 999) / 1000);
}
