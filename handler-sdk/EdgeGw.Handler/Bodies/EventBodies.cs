using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Interop;

namespace EdgeGw.Bodies;

/// <summary>Server-sent events.</summary>
internal abstract class EventsBodyBase : ResponseBody
{
    public sealed override ReadOnlySpan<byte> ContentType => "text/event-stream"u8;

    public sealed override async ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
    {
        // The client learns that the stream is open before the first event is there.
        await exchange.FlushAsync();
        await using var body = new ResponseStream(exchange, sendsAtOnce: true);
        await FormatAsync(value!, body, exchange.CancellationToken);
    }

    protected abstract Task FormatAsync(object events, Stream body, CancellationToken cancellationToken);
}

/// <summary>Events of text with a type or an id.</summary>
internal sealed class EventsBody : EventsBodyBase
{
    public static readonly EventsBody Instance = new();

    protected override Task FormatAsync(object events, Stream body, CancellationToken cancellationToken)
        => SseFormatter.WriteAsync((IAsyncEnumerable<SseItem<string>>)events, body, cancellationToken);
}

/// <summary>Events of nothing but text.</summary>
internal sealed class TextEventsBody : EventsBodyBase
{
    public static readonly TextEventsBody Instance = new();

    protected override Task FormatAsync(object events, Stream body, CancellationToken cancellationToken)
        => SseFormatter.WriteAsync(AsItems((IAsyncEnumerable<string>)events, cancellationToken), body, cancellationToken);

    private static async IAsyncEnumerable<SseItem<string>> AsItems(IAsyncEnumerable<string> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var text in events.WithCancellation(cancellationToken))
            yield return new SseItem<string>(text);
    }
}

/// <summary>Events of JSON.</summary>
internal sealed class JsonEventsBody<T>(JsonTypeInfo<T> typeInfo) : EventsBodyBase
{
    protected override Task FormatAsync(object events, Stream body, CancellationToken cancellationToken)
        => SseFormatter.WriteAsync((IAsyncEnumerable<SseItem<T>>)events, body, (item, output) =>
        {
            using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = typeInfo.Options.Encoder, SkipValidation = true });
            JsonSerializer.Serialize(writer, item.Data, typeInfo);
        }, cancellationToken);
}
