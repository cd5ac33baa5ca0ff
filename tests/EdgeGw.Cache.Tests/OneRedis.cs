using EdgeGw.Epochs;

namespace EdgeGw.Cache.Tests;

/// <summary>The server that tests share which leave it as it is.</summary>
[SetUpFixture]
internal sealed class OneRedis
{
    public const string Password = "one $ecret";

    public static RedisServer Server { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Environment.SetEnvironmentVariable("CACHE_TESTS_PASSWORD", Password);
        Server = await RedisServer.StartAsync(new RedisServerOptions { Password = Password });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await Server.DisposeAsync();

    /// <summary>A cache on a server.</summary>
    public static EpochService ServiceOn(RedisServer server, params (string Key, string Value)[] settings) => new()
    {
        Kind = ServiceKinds.Cache,
        Name = "default",
        Provider = "redis",
        QueueLength = 20_000,
        Settings = new Dictionary<string, string>([new("host", "127.0.0.1"), new("port", $"{server.Port}"), .. settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))]),
    };
}
