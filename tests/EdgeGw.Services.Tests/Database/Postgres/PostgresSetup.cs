using EdgeGw.Epochs;

namespace EdgeGw.Services.Tests.Database.Postgres;

/// <summary>Services on PostgreSQL.</summary>
internal static class PostgresSetup
{
    /// <summary>A service on a server.</summary>
    public static EpochService Config(PostgresServer server, int poolSize = 4, params (string Key, string Value)[] settings) => new()
    {
        Kind = ServiceKinds.Database,
        Name = "main",
        Provider = "postgres",
        PoolSize = poolSize,
        Settings = new Dictionary<string, string>(
            new Dictionary<string, string>
            {
                ["host"] = "127.0.0.1",
                ["port"] = $"{server.Port}",
                ["database"] = PostgresServer.User,
                ["user"] = PostgresServer.User,
                ["password"] = $"file:{server.PasswordFile}",
            }.Concat(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).GroupBy(setting => setting.Key).Select(group => group.Last())),
    };
}
