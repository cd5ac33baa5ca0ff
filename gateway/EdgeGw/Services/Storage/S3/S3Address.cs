namespace EdgeGw.Services.Storage.S3;

/// <summary>Where a bucket is: in the path, or in the host's name.</summary>
internal sealed class S3Address(string endpoint, string bucket, bool tls, bool pathStyle)
{
    private static readonly UriCreationOptions s_asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string _root = $"{(tls ? "https" : "http")}://{(pathStyle ? endpoint : $"{bucket}.{endpoint}")}{(pathStyle ? $"/{bucket}" : "")}";

    /// <summary>The bucket's name.</summary>
    public string Bucket => bucket;

    /// <summary>The host and port, without the bucket.</summary>
    public string Endpoint => endpoint;

    /// <summary>An object, or the bucket for an empty key; the query is escaped already and sorted by its names.</summary>
    public Uri Of(string key, string query = "") => new($"{_root}/{Escape(key)}{(query.Length > 0 ? "?" : "")}{query}", s_asWritten);

    /// <summary>A key as part of a path, as signatures want it: everything escaped but letters, digits and <c>-._~/</c>.</summary>
    public static string Escape(string key) => string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
}
