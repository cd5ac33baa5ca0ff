using System.Collections.Concurrent;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Testing.Interop;

namespace EdgeGw.Testing;

/// <summary>A request that a handler sent to another server.</summary>
/// <param name="Method">The method.</param>
/// <param name="Url">Where to.</param>
/// <param name="Headers">The headers, in order.</param>
/// <param name="Body">The whole body.</param>
public sealed record FakeHttpRequest(string Method, string Url, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>How long the handler waits for the answer's head; zero: as long as the service does.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>How many redirects the handler wants followed. The fake follows none: answer with what is behind them.</summary>
    public int MaxRedirects { get; init; }

    /// <summary>The body as text in UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>Another server's answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">The headers, in order.</param>
public sealed record FakeHttpResponse(int Status, byte[] Body, params IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>An answer of text in UTF-8.</summary>
    public FakeHttpResponse(int status, string body, params IReadOnlyList<KeyValuePair<string, string>> headers) : this(status, Encoding.UTF8.GetBytes(body), headers)
    {
    }
}

/// <summary>Other servers, as the test plays them.</summary>
public sealed class FakeHttp : FakeService
{
    internal FakeHttp(FakeHost host, string name) : base(host, "http", name)
    {
    }

    /// <summary>Answers requests; null refuses one as not allowed. What it throws is a failure of the client.</summary>
    public Func<FakeHttpRequest, Task<FakeHttpResponse?>> Answer { get; set; } = static _ => Task.FromResult<FakeHttpResponse?>(null);

    /// <summary>After so many bytes of a body that comes by pieces the server has heard enough.</summary>
    public long EnoughBytes { get; set; } = long.MaxValue;

    /// <summary>Bytes per piece of an answer's body.</summary>
    public int ReadBytes { get; set; } = 16 * 1024;

    /// <summary>The requests sent so far.</summary>
    public ConcurrentQueue<FakeHttpRequest> Requests { get; } = new();

    internal async Task<FakeReply> Send(FakeExchange exchange, FakeHttpRequest request)
    {
        Requests.Enqueue(request);
        if (await Answer(request).ConfigureAwait(false) is not { } response)
            return new FakeReply { Result = AbiResult.Refused, Error = $"This handler may not send requests to {request.Url}.", Code = "not-allowed" };
        return new FakeReply
        {
            Values = [FakeValue.From((long)response.Status), .. response.Headers.SelectMany(h => new[] { FakeValue.From(h.Key), FakeValue.From(h.Value) })],
            Open = exchange.Opens.Add(this, new MemoryStream(response.Body), null),
        };
    }

    internal FakeReply Read(FakeExchange exchange, ulong open, MemoryStream body)
    {
        var piece = new byte[Math.Min(ReadBytes, body.Length - body.Position)];
        body.ReadExactly(piece);
        if (piece.Length > 0)
            return FakeReply.Of(piece);
        exchange.Opens.Remove(open);
        return FakeReply.Nothing;
    }
}
