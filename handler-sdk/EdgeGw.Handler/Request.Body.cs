using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <content>
/// The body. In a handler that returns <see cref="Response"/>, the whole body is there before the handler is called. In one that returns a task, the
/// handler is called at once, and the methods named <c>…Async</c> wait for what is still on its way. Never more than the route's limit
/// (<see cref="HandlerAttribute.MaxBodyBytes"/>): beyond it they throw <see cref="HandlerError.PayloadTooLarge"/>.
/// </content>
public sealed partial class Request
{
    private RequestStream? _bodyStream;

    /// <summary>True when the request has a body, perhaps an empty one.</summary>
    public bool HasBody => _exchange.HasBody;

    /// <summary>The body's length in bytes, or null when it is not known beforehand.</summary>
    public long? ContentLength => _exchange.ContentLength is >= 0 and var length ? length : null;

    /// <summary>The whole body, in the gateway's own memory; empty when there is none. Lives until the response has been sent.</summary>
    /// <exception cref="InvalidOperationException">It has not arrived yet: this handler returns a task, so it can await <see cref="ReadBodyAsync"/>.</exception>
    public ReadOnlySpan<byte> Body
    {
        get
        {
            RequireWhole();
            return _exchange.WholeBody;
        }
    }

    /// <summary>The whole body, in the gateway's own memory; empty when there is none. Lives until the response has been sent.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync()
        => _exchange.TryReadAll() == AbiResult.Ok ? new(_exchange.LendWholeBody()) : WaitBodyAsync();

    /// <summary>The whole body as text: UTF-8, or each byte as the character of its number.</summary>
    public string BodyText() => Exchange.Text(Body);

    /// <summary>The whole body as text: UTF-8, or each byte as the character of its number.</summary>
    [AsyncMethodBuilder(typeof(InlineTaskBuilder<>))]
    public async ValueTask<string> ReadBodyTextAsync() => Exchange.Text((await ReadBodyAsync()).Span);

    /// <summary>The body as JSON.</summary>
    /// <exception cref="HandlerError.BadRequest">It is not valid JSON, or not of that shape, or null.</exception>
    /// <exception cref="InvalidOperationException">It has not arrived yet: this handler returns a task, so it can await <see cref="JsonAsync{T}"/>.</exception>
    public T Json<T>(JsonTypeInfo<T> typeInfo) => Deserialize(Body, typeInfo);

    /// <summary>The body as JSON; without waiting when it is all there.</summary>
    /// <exception cref="HandlerError.BadRequest">It is not valid JSON, or not of that shape, or null.</exception>
    public ValueTask<T> JsonAsync<T>(JsonTypeInfo<T> typeInfo)
        => _exchange.TryReadAll() == AbiResult.Ok ? new(Deserialize(_exchange.WholeBody, typeInfo)) : WaitJsonAsync(typeInfo);

    /// <summary>
    /// The body as a stream, forward only; the same one each time. Reads asynchronously with constant memory, whatever the body's size. A synchronous
    /// read works when bytes are at hand.
    /// </summary>
    public Stream BodyStream => _bodyStream ??= new RequestStream(_exchange);

    /// <summary>The body piece by piece as it arrives, in the gateway's own memory: a piece lives until the next one is asked for.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadChunksAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (_exchange.TryReadChunk() == AbiResult.Pending)
                await _exchange.WaitBodyAsync();
            var chunk = _exchange.LendChunk();
            if (chunk.IsEmpty)
                yield break;
            yield return chunk;
        }
    }

    [AsyncMethodBuilder(typeof(InlineTaskBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>> WaitBodyAsync()
    {
        do
            await _exchange.WaitBodyAsync();
        while (_exchange.TryReadAll() == AbiResult.Pending);
        return _exchange.LendWholeBody();
    }

    [AsyncMethodBuilder(typeof(InlineTaskBuilder<>))]
    private async ValueTask<T> WaitJsonAsync<T>(JsonTypeInfo<T> typeInfo) => Deserialize((await WaitBodyAsync()).Span, typeInfo);

    private static T Deserialize<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> typeInfo)
    {
        if (body.IsEmpty)
            throw new HandlerError.BadRequest("The request needs a JSON body.");
        try
        {
            return JsonSerializer.Deserialize(body, typeInfo) ?? throw new HandlerError.BadRequest("The JSON body must not be null.");
        }
        catch (JsonException e)
        {
            throw new HandlerError.BadRequest(
                $"The JSON body is not valid at {e.Path ?? "$"} (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).", e);
        }
    }

    private void RequireWhole()
    {
        if (!_exchange.IsBodyWhole && _exchange.TryReadAll() == AbiResult.Pending)
            throw new InvalidOperationException("The body has not arrived yet. A handler that returns a task must await it: ReadBodyAsync, JsonAsync, FormAsync.");
    }
}
