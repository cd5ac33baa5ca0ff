namespace EdgeGw.Epochs;

/// <summary>A backend that a kind of services can have, and what can be set for it.</summary>
internal sealed record ServiceProvider(string Kind, string Name, params IReadOnlyList<ServiceSetting> Settings)
{
    /// <summary>Calls at work at once when nothing is said: as many connections as a server is glad to have, or files and transfers.</summary>
    public const int FewAtOnce = 16;

    /// <summary>The <see cref="EpochService.PoolSize"/> of a service that is given none.</summary>
    public int PoolSize { get; init; } = FewAtOnce;

    /// <summary>The setting of that key.</summary>
    public ServiceSetting? Find(string key) => Settings.FirstOrDefault(setting => setting.Key == key);
}

/// <summary>Every provider and every setting, once: validation, the worker's defaults and docs/services.md agree with this table.</summary>
internal static class ServiceProviders
{
    private static readonly SettingType s_port = SettingType.Whole(1, 65_535);
    private static readonly ServiceSetting s_maxRowBytes =
        new("maxRowBytes", SettingType.Whole(1 << 10, 1 << 30), "268435456", "Bytes of one row of a result; a query that comes to a larger one ends with an error.");

    // SQLite has one bound for both (SQLITE_LIMIT_LENGTH).
    private static readonly ServiceSetting s_maxSqliteRowBytes = s_maxRowBytes with { Meaning = "Bytes of one row of a result, and of one value that is written; a statement that comes to more ends with an error." };

    /// <summary>The providers, by kind; the embedded one of each kind first.</summary>
    public static IReadOnlyList<ServiceProvider> All { get; } =
    [
        new(ServiceKinds.Database, "sqlite",
            new("path", SettingType.DataPath, "data/{name}.db", "The database file. It and its folder are made when they are missing."),
            new("busyTimeoutMs", SettingType.Whole(0, 600_000), "5000", "Milliseconds that a writer waits for the one that writes, in this process or another."),
            new("synchronous", SettingType.OneOf("full", "normal", "off"), "full", "How much of a commit is on the disk when it is answered; with less than `full` a power failure may lose the last commits."),
            s_maxSqliteRowBytes),
        new(ServiceKinds.Database, "postgres",
            new("host", SettingType.ServerOrSocket, null, "The server."),
            new("port", s_port, "5432", "Its port."),
            new("database", SettingType.Text, null, "The database."),
            new("user", SettingType.Text, null, "The role to log in as."),
            new("password", SettingType.Secret, "", "Its password; none where the server asks for none."),
            new("tls", SettingType.OneOf("disable", "prefer", "require", "verify-full"), "prefer", "Whether to encrypt; only `verify-full` knows that the server is the right one."),
            new("caFile", SettingType.AbsoluteFile, "", "PEM file with the authorities that `verify-full` trusts; the system's when empty."),
            new("applicationName", SettingType.Text, "edgegw", "The name that the server shows for the connections."),
            new("connectTimeoutMs", SettingType.Whole(1_000, 60_000), "5000", "Milliseconds that opening a connection may take, rounded up to whole seconds."),
            new("cancelTimeoutMs", SettingType.Whole(100, 60_000), "2000", "Milliseconds that the server may take to end a cancelled statement; then its connection is cut."),
            new("keepAliveSeconds", SettingType.Whole(0, 7_200), "15", "Seconds without traffic until TCP asks whether the server's machine is still there; 0 leaves it to the system."),
            new("preparedStatements", SettingType.Whole(0, 10_000), "100", "Statements that each connection keeps prepared on the server; 0 for servers behind a pooler that cannot have any."),
            s_maxRowBytes),
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
            new("prefix", SettingType.Text, "", "Put before every key, for servers that are shared."),
            new("connectTimeoutMs", SettingType.Whole(100, 60_000), "2000", "Milliseconds for one attempt to connect."),
            new("maxEntryBytes", SettingType.Whole(1, 512 << 20), "8388608", "Bytes of one value; a larger one is neither written nor read."),
            new("maxReplyBytes", SettingType.Whole(1, int.MaxValue / 2), "67108864", "Bytes of the values of one call that gets many."))
        {
            // One connection for all: what is under way at once goes out and comes back together, and fewer calls at work are more writes to the socket.
            PoolSize = 256,
        },
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
            new("connectTimeoutMs", SettingType.Whole(1, 600_000), "10000", "Milliseconds to connect to a host, all its addresses and TLS together."),
            new("maxResponseBytes", SettingType.Whole(1, 1L << 50), "1073741824", "Bytes of one answer; a longer one is cut off with an error."),
            new("maxHeadBytes", SettingType.Whole(1_024, 1 << 20), "65536", "Bytes of one request's URL and headers, and of one answer's headers; more is an error."),
            new("maxPieceBytes", SettingType.Whole(1 << 16, 1 << 30), "67108864", "Bytes of a request's body that is given whole, or of one write; larger ones go in pieces."),
            new("caFile", SettingType.AbsoluteFile, "", "PEM file with authorities to trust beside the system's."),
            new("proxy", SettingType.Url, "", "The proxy to go through; none when empty."),
            new("proxyUser", SettingType.Text, "", "The user to log in to the proxy as; none when empty."),
            new("proxyPassword", SettingType.Secret, "", "Its password.")),
    ];

    /// <summary>The kinds, each once.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. All.Select(provider => provider.Kind).Distinct()];

    /// <summary>The provider of that kind and name.</summary>
    public static ServiceProvider? Find(string kind, string name) => All.FirstOrDefault(provider => provider.Kind == kind && provider.Name == name);

    /// <summary>The names of a kind's providers; none when there is no such kind.</summary>
    public static IReadOnlyList<string> Names(string kind) => [.. All.Where(provider => provider.Kind == kind).Select(provider => provider.Name)];
}
