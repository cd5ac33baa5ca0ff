namespace EdgeGw.Load;

/// <summary>A request that is sent again and again: one path, or several in turn.</summary>
/// <param name="Paths">Paths with their queries.</param>
internal sealed record Ask(params IReadOnlyList<string> Paths)
{
    /// <summary>Streams of one connection at once over HTTP/2; none for HTTP/1.1.</summary>
    public int Http2Streams { get; init; }

    /// <summary>Sent with each request.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What is posted, or null for a GET.</summary>
    public byte[]? Body { get; init; }

    /// <summary>One of them, for a look at the answer.</summary>
    public HttpRequestMessage Message(Uri address, string path)
    {
        var message = new HttpRequestMessage(Body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(address, path));
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
        }
        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return message;
    }
}

/// <summary>A server and what it is asked for, under one name in the report.</summary>
internal sealed record Contender(string Name, IServer Server, Ask Ask)
{
    public Contender(IServer server, Ask ask)
        : this(server.Name, server, ask)
    {
    }
}
