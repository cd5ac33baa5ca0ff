namespace EdgeGw.Epochs;

/// <summary>A backend that a kind of services can have, and what can be set for it.</summary>
internal sealed record ServiceProvider(string Kind, string Name, params IReadOnlyList<ServiceSetting> Settings)
{
    /// <summary>The setting of that key.</summary>
    public ServiceSetting? Find(string key) => Settings.FirstOrDefault(setting => setting.Key == key);
}

/// <summary>Every provider and every setting, once: validation, the worker's defaults and docs/services.md agree with this table.</summary>
internal static class ServiceProviders
{
    private static readonly SettingType s_port = SettingType.Whole(1, 65_535);

    /// <summary>The providers, by kind; the embedded one of each kind first.</summary>
    public static IReadOnlyList<ServiceProvider> All { get; } =
    [
        new(ServiceKinds.Database, "sqlite",
            new("path", SettingType.DataPath, "data/{name}.db", "The database file. It and its folder are made when they are missing."),
            new("busyTimeoutMs", SettingType.Whole(0, 600_000), "5000", "Milliseconds to wait while another process writes the file."),
            new("readers", SettingType.Whole(1, 64), "4", "Connections that read at once, beside the one that writes."),
            new("synchronous", SettingType.OneOf("full", "normal", "off"), "full", "How much of a commit is on the disk when it is answered; with less than `full` a power failure may lose the last commits.")),
        new(ServiceKinds.Database, "postgres",
            new("host", SettingType.ServerOrSocket, null, "The server."),
            new("port", s_port, "5432", "Its port."),
            new("database", SettingType.Text, null, "The database."),
            new("user", SettingType.Text, null, "The role to log in as."),
            new("password", SettingType.Secret, "", "Its password; none where the server asks for none."),
            new("tls", SettingType.OneOf("disable", "prefer", "require", "verify-full"), "prefer", "Whether to encrypt; only `verify-full` knows that the server is the right one."),
            new("caFile", SettingType.AbsoluteFile, "", "PEM file with the authorities that `verify-full` trusts; the system's when empty."),
            new("applicationName", SettingType.Text, "edgegw", "The name that the server shows for the connections.")),
        new(ServiceKinds.Cache, "memory",
            new("maxBytes", SettingType.Whole(65_536, 1L << 40), "67108864", "Bytes of keys and values together; the least used make room."),
            new("maxEntryBytes", SettingType.Whole(1, int.MaxValue / 2), "", "Bytes of one value; a larger one is refused. When not given, an eighth of `maxBytes`, and 8 MiB at most.")),
        new(ServiceKinds.Cache, "redis",
            new("host", SettingType.Server, null, "The server (Redis or Valkey)."),
            new("port", s_port, "6379", "Its port."),
            new("user", SettingType.Text, "", "The ACL user; the server's default user when empty."),
            new("password", SettingType.Secret, "", "Its password."),
            new("tls", SettingType.Flag, "false", "Whether to encrypt; the server's certificate is checked."),
            new("caFile", SettingType.AbsoluteFile, "", "PEM file with the authorities to trust; the system's when empty."),
            new("database", SettingType.Whole(0, 65_535), "0", "The number of the database."),
            new("prefix", SettingType.Text, "", "Put before every key, for servers that are shared.")),
        new(ServiceKinds.Storage, "directory",
            new("path", SettingType.DataPath, "data/{name}", "The folder. It is made when it is missing."),
            new("maxObjectBytes", SettingType.Whole(1, 1L << 50), "5497558138880", "Bytes of one object; a larger one is refused."),
            new("maxPieceBytes", SettingType.Whole(1 << 16, 1 << 30), "67108864", "Bytes of an object that is put or read in one call; larger ones go as streams."),
            new("publicUrl", SettingType.Url, "", "Where clients reach the gateway, for presigned URLs; its first listener when empty.")),
        new(ServiceKinds.Storage, "s3",
            new("endpoint", SettingType.Endpoint, null, "The server (S3, MinIO or another that speaks S3)."),
            new("region", SettingType.Text, "us-east-1", "The region."),
            new("bucket", SettingType.Bucket, null, "The bucket; it must be there."),
            new("accessKey", SettingType.Text, null, "The access key's id."),
            new("secretKey", SettingType.Secret, null, "The access key's secret."),
            new("tls", SettingType.Flag, "true", "Whether to use https; the server's certificate is checked."),
            new("caFile", SettingType.AbsoluteFile, "", "PEM file with the authorities to trust; the system's when empty."),
            new("pathStyle", SettingType.Flag, "true", "Whether the bucket is in the path (`true`) or in the host's name."),
            new("maxPieceBytes", SettingType.Whole(1 << 16, 1 << 30), "67108864", "Bytes of an object that is put or read in one call; larger ones go as streams."),
            new("partBytes", SettingType.Whole(5 << 20, 1 << 30), "8388608", "Bytes of a part of a streamed upload; 10000 parts are the most."),
            new("partsInFlight", SettingType.Whole(1, 64), "2", "Parts of one upload on their way at once; one more is being filled.")),
        new(ServiceKinds.Http, "client",
            new("allow", SettingType.Hosts, "*", "Hosts that handlers may call."),
            new("deny", SettingType.Hosts, "", "Hosts that they may not call, even if allowed."),
            new("maxPerHost", SettingType.Whole(1, 10_000), "64", "Connections to one host at once."),
            new("maxResponseBytes", SettingType.Whole(1, 1L << 50), "1073741824", "Bytes of one answer; a longer one is cut off with an error."),
            new("proxy", SettingType.Url, "", "The proxy to go through; none when empty.")),
    ];

    /// <summary>The kinds, each once.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. All.Select(provider => provider.Kind).Distinct()];

    /// <summary>The provider of that kind and name.</summary>
    public static ServiceProvider? Find(string kind, string name) => All.FirstOrDefault(provider => provider.Kind == kind && provider.Name == name);

    /// <summary>The names of a kind's providers; none when there is no such kind.</summary>
    public static IReadOnlyList<string> Names(string kind) => [.. All.Where(provider => provider.Kind == kind).Select(provider => provider.Name)];
}
