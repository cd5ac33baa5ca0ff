using System.Text;

namespace EdgeGw.Testing;

/// <summary>A request to send to a <see cref="FakeGateway"/>.</summary>
public sealed record FakeRequest
{
    /// <summary>A request without a body.</summary>
    /// <param name="method"><c>GET</c> ...</param>
    /// <param name="target">Path and query as a client sends them: <c>/orders/1?full=true</c>.</param>
    public FakeRequest(string method, string target)
    {
        Method = method;
        Target = target;
    }

    /// <summary>The method.</summary>
    public string Method { get; init; }

    /// <summary>Path and query as a client sends them.</summary>
    public string Target { get; init; }

    /// <summary>Headers in order; a name may come more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A body that arrives with the request; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>A body that arrives as this stream gives it, in the place of <see cref="Body"/>. Its length is unknown to the handler.</summary>
    public Stream? BodyStream { get; init; }

    /// <summary>The authority's host.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>The client's address.</summary>
    public string ClientAddress { get; init; } = "127.0.0.1";

    /// <summary>The request's id.</summary>
    public string RequestId { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>How long until the request is cancelled and answered 504; null: the route's own limit, or never.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How many bytes of the response may wait for the client before a flush has to wait too.</summary>
    public int ClientBufferBytes { get; init; } = 64 * 1024;

    /// <summary>The same with one more header.</summary>
    public FakeRequest WithHeader(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };

    /// <summary>The same with a body.</summary>
    public FakeRequest WithBody(ReadOnlyMemory<byte> body, string contentType) => WithHeader("Content-Type", contentType) with { Body = body };

    /// <summary>The same with a body of text in UTF-8.</summary>
    public FakeRequest WithBody(string body, string contentType) => WithBody(Encoding.UTF8.GetBytes(body), contentType);

    /// <summary>The same with JSON as the body.</summary>
    public FakeRequest WithJson(string json) => WithBody(json, "application/json");
}
