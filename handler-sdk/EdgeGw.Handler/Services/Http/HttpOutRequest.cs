using System.Text.Json.Serialization.Metadata;

namespace EdgeGw;

/// <summary>A request to another server.</summary>
public sealed class HttpOutRequest
{
    /// <summary>A request without a body.</summary>
    /// <param name="method"><c>GET</c> ...</param>
    /// <param name="url">Absolute, http or https.</param>
    public HttpOutRequest(string method, string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentException.ThrowIfNullOrEmpty(url);
        Method = method;
        Url = url;
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>Where to.</summary>
    public string Url { get; }

    /// <summary>Headers in order; a name may come more than once. At most 100.</summary>
    public IList<KeyValuePair<string, string>> Headers { get; } = [];

    /// <summary>A body in memory. Copied when the request is sent; a large one is better given by <see cref="BodyStream"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }

    /// <summary>A body of any size, in the place of <see cref="Body"/>: read to its end with constant memory, and not disposed of.</summary>
    public Stream? BodyStream { get; set; }

    /// <summary>Bytes of <see cref="BodyStream"/>, when they are known.</summary>
    public long? BodyLength { get; set; }

    /// <summary>For the response's head; zero: the service's own. The request's deadline holds anyway.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>How many redirects are followed; with 0 a redirect is an answer like any other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxRedirects
    {
        get;
        set => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A number of redirects is 0 or more.");
    }

    /// <summary>Adds a header.</summary>
    public HttpOutRequest WithHeader(string name, string value)
    {
        Headers.Add(new(name, value));
        return this;
    }

    /// <summary>Gives it a body of JSON.</summary>
    public HttpOutRequest WithJson<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        Body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(value, typeInfo);
        return WithHeader("Content-Type", "application/json");
    }
}
