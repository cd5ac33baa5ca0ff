using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeGw.Testing;

/// <summary>The head of a response.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">In the order the handler wrote them; a name may come more than once.</param>
public sealed record FakeHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>The first header of that name (case-insensitive), or null.</summary>
    public string? Header(string name) => HeaderAll(name).FirstOrDefault();

    /// <summary>All headers of that name (case-insensitive).</summary>
    public IEnumerable<string> HeaderAll(string name) => Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);
}

/// <summary>A whole response.</summary>
public sealed class FakeResponse
{
    internal FakeResponse(FakeHead head, byte[] body, string? error)
    {
        Head = head;
        Body = body;
        Error = error;
    }

    /// <summary>Status and headers.</summary>
    public FakeHead Head { get; }

    /// <summary>The HTTP status.</summary>
    public int Status => Head.Status;

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The body as text in UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Why the handler failed: what a gateway would write to its log; null when it did not.</summary>
    public string? Error { get; }

    /// <summary>The first header of that name (case-insensitive), or null.</summary>
    public string? Header(string name) => Head.Header(name);

    /// <summary>All headers of that name (case-insensitive), in order.</summary>
    public IEnumerable<string> HeaderAll(string name) => Head.HeaderAll(name);

    /// <summary>The body as JSON.</summary>
    public T Json<T>(JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize(Body.Span, typeInfo) ?? throw new JsonException("The body is null.");
}

/// <summary>A line that a handler logged.</summary>
/// <param name="Level">Trace (0) to Critical (5).</param>
/// <param name="RequestId">The request it belongs to, or null.</param>
/// <param name="Message">The text.</param>
public sealed record FakeLogLine(Abi.AbiLogLevel Level, string? RequestId, string Message);
