using StackExchange.Redis;

namespace EdgeGw.Services.Cache.Redis;

/// <summary>The client library's options for the settings of one service.</summary>
internal static class RedisOptions
{
    // What subscribes wants a second connection; the rest is about servers that are found by asking others, which these settings do not offer.
    private static readonly HashSet<string> s_unused = ["SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE", "SSUBSCRIBE", "SUNSUBSCRIBE", "CLUSTER", "CONFIG", "SENTINEL"];

    // How often the library looks for calls that took too long and for connections to make again.
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMilliseconds(100);

    // The service's own clock answers callers; the library comes after it, and gives back the call's place.
    private const int BehindMs = 250;

    // Between two attempts to connect, growing; a server that comes back is found within the longer one.
    private const int FirstRetryMs = 100;
    private const int LongestRetryMs = 500;

    /// <summary>Makes them.</summary>
    public static ConfigurationOptions Create(ServiceSettings settings, int timeoutMs)
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            AsyncTimeout = timeoutMs + BehindMs,
            SyncTimeout = timeoutMs + BehindMs,
            ConnectTimeout = (int)settings.Number("connectTimeoutMs"),
            ConnectRetry = 1,
            ReconnectRetryPolicy = new ExponentialRetry(FirstRetryMs, LongestRetryMs),
            HeartbeatInterval = s_heartbeat,
            // The service has a queue of its own, with a bound; what cannot be sent now fails now.
            BacklogPolicy = BacklogPolicy.FailFast,
            CommandMap = CommandMap.Create(s_unused, available: false),
            ConfigurationChannel = "",
            TieBreaker = "",
            Protocol = RedisProtocol.Resp2,
            DefaultDatabase = (int)settings.Number("database"),
            ClientName = "edgegw",
            SetClientLibrary = false,
            // Keys are none of the log's business.
            IncludeDetailInExceptions = false,
        };
        options.EndPoints.Add(settings.Text("host"), (int)settings.Number("port"));
        if (settings.Text("user") is { Length: > 0 } user)
        {
            options.User = user;
        }
        if (settings.Text("password") is { Length: > 0 } password)
        {
            options.Password = password;
        }
        options.Ssl = settings.Flag("tls");
        return options;
    }
}
