namespace EdgeGw.Epochs;

/// <summary>The services that every epoch has without listing them: the embedded kinds, which need no server.</summary>
internal static class BuiltInServices
{
    private static readonly EpochService[] s_all =
    [
        new() { Kind = ServiceKinds.Database, Name = "main", Provider = "sqlite" },
        new() { Kind = ServiceKinds.Cache, Name = "default", Provider = "memory" },
        new() { Kind = ServiceKinds.Storage, Name = "files", Provider = "directory" },
        new() { Kind = ServiceKinds.Http, Name = "default", Provider = "client" },
    ];

    /// <summary>An epoch's services: the listed ones, and the built-in ones that none of them replaces.</summary>
    public static IReadOnlyList<EpochService> With(IReadOnlyList<EpochService> listed) =>
        [.. listed, .. s_all.Where(builtIn => !listed.Any(service => service.Kind == builtIn.Kind && service.Name == builtIn.Name))];

    /// <summary>The built-in service of that kind and name.</summary>
    public static EpochService? Find(ServiceId id) => s_all.FirstOrDefault(service => service.Id == id);
}

/// <summary>The kinds of services.</summary>
internal static class ServiceKinds
{
    /// <summary>SQL.</summary>
    public const string Database = "database";

    /// <summary>Bytes by key, for a while.</summary>
    public const string Cache = "cache";

    /// <summary>Objects by key, of any size.</summary>
    public const string Storage = "storage";

    /// <summary>Requests to other servers.</summary>
    public const string Http = "http";
}
