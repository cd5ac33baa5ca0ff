using EdgeGw.Epochs;
using EdgeGw.Services.Cache;
using EdgeGw.Services.Cache.Redis;
using EdgeGw.Services.Database.Postgres;
using EdgeGw.Services.Database.Sqlite;
using EdgeGw.Services.Http;
using EdgeGw.Services.Storage.Directory;

namespace EdgeGw.Services;

/// <summary>Makes backends from configurations. A new kind of service, or a new backend of one, is one folder and one line here.</summary>
internal static class ServiceBackends
{
    /// <summary>Makes one after its references have been read; it does not connect yet. Throws <see cref="ServiceConfigurationException"/>.</summary>
    /// <param name="config">What it is made from.</param>
    /// <param name="stateDirectory">Where embedded backends keep their data.</param>
    /// <param name="time">The clock.</param>
    public static IServiceBackend Create(EpochService config, string stateDirectory, TimeProvider time) => (config.Kind, config.Provider) switch
    {
        (ServiceKinds.Cache, "memory") => MemoryCacheBackend.Create(config, time),
        (ServiceKinds.Database, "postgres") => PostgresBackend.Create(config, stateDirectory, time),
        (ServiceKinds.Database, "sqlite") => SqliteBackend.Create(config, stateDirectory, time),
        (ServiceKinds.Cache, "redis") => RedisCacheBackend.Create(config, stateDirectory),
        (ServiceKinds.Storage, "directory") => DirectoryStorage.Create(config, stateDirectory, time),
        (ServiceKinds.Http, "client") => HttpClientBackend.Create(config, stateDirectory, time),
        _ => throw new ServiceConfigurationException($"this gateway has no provider '{config.Provider}' of the kind {config.Kind}."),
    };
}
