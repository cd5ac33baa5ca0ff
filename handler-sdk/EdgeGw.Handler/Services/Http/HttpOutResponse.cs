using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>Another server's answer. Its body arrives as it is read; disposing of it gives up the rest.</summary>
public sealed class HttpOutResponse : IAsyncDisposable
{
    private readonly Exchange _exchange;

    internal HttpOutResponse(Exchange exchange, int status, IReadOnlyList<KeyValuePair<string, string>> headers, ReceivedStream body)
    {
        _exchange = exchange;
        Status = status;
        Headers = headers;
        Body = body;
    }

    /// <summary>The status.</summary>
    public int Status { get; }

    /// <summary>True for 200 to 299.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>The headers in order; a name may come more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The body as it arrives, with constant memory.</summary>
    public Stream Body { get; }

    /// <summary>The first header of that name (case-insensitive), or null.</summary>
    public string? Header(string name)
    {
        foreach (var (header, value) in Headers)
        {
            if (header.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        return null;
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="InvalidOperationException">It is longer than <see cref="ServiceLimits.HttpBodyBytes"/>; <see cref="Body"/> has no limit.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync()
    {
        var limit = _exchange.Library.Environment.Limits.HttpBodyBytes;
        var whole = new System.Buffers.ArrayBufferWriter<byte>(4096);
        while (await Body.ReadAsync(whole.GetMemory(4096)) is > 0 and var count)
        {
            whole.Advance(count);
            if (whole.WrittenCount > limit)
                throw new InvalidOperationException($"The answer has more than {limit} bytes: read it as a stream, or raise ServiceLimits.HttpBodyBytes at startup.");
        }
        return whole.WrittenMemory;
    }

    /// <summary>The whole body as text in UTF-8.</summary>
    public async ValueTask<string> ReadTextAsync() => Encoding.UTF8.GetString((await ReadBytesAsync()).Span);

    /// <summary>The whole body as JSON.</summary>
    /// <exception cref="JsonException">It is not of that shape.</exception>
    public async ValueTask<T?> JsonAsync<T>(JsonTypeInfo<T> typeInfo) => JsonSerializer.Deserialize((await ReadBytesAsync()).Span, typeInfo);

    /// <summary>This answer, when it is a success.</summary>
    /// <exception cref="HttpOutException">It is none.</exception>
    public HttpOutResponse EnsureSuccess() => IsSuccess
        ? this
        : throw new HttpOutException($"The other server answered {Status}.", Status.ToString(System.Globalization.CultureInfo.InvariantCulture), isRefused: true);

    /// <summary>Gives up what was not read.</summary>
    public ValueTask DisposeAsync() => Body.DisposeAsync();
}

/// <summary>The body of an answer.</summary>
internal sealed class HttpBodyStream(OpenHandle? open) : ReceivedStream(open);
