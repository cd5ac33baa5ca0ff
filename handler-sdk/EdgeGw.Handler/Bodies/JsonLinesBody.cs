using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Interop;

namespace EdgeGw.Bodies;

/// <summary>Values as lines of JSON, straight into the server's buffer; sent whenever <see cref="Exchange.FlushThreshold"/> is reached, and at the end.</summary>
internal sealed class JsonLinesBody<T>(JsonTypeInfo<T> typeInfo) : ResponseBody
{
    public override ReadOnlySpan<byte> ContentType => "application/x-ndjson"u8;

    /// <param name="exchange">The request.</param>
    /// <param name="status">Its status.</param>
    /// <param name="value">An enumerator that stands on the first value, or null when there is none.</param>
    /// <param name="extra">Nothing.</param>
    public override async ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
    {
        if (value is null)
            return;
        await using var values = (IAsyncEnumerator<T>)value;
        using var writer = new Utf8JsonWriter(exchange.Writer, new JsonWriterOptions { Encoder = typeInfo.Options.Encoder, SkipValidation = true });
        do
        {
            exchange.Writer.Begin();
            JsonSerializer.Serialize(writer, values.Current, typeInfo);
            writer.Flush();
            writer.Reset();
            exchange.Writer.GetSpan(1)[0] = (byte)'\n';
            exchange.Writer.Advance(1);
            await exchange.Writer.DrainAsync();
            if (exchange.NeedsFlush)
                await exchange.FlushAsync();
        }
        while (await values.MoveNextAsync());
    }
}
