using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Interop;

namespace EdgeGw.Bodies;

/// <summary>A value through its source-generated JSON contract.</summary>
internal sealed class JsonBody : ResponseBody
{
    public static readonly JsonBody Instance = new();

    [ThreadStatic]
    private static Utf8JsonWriter? t_idle;

    public override ReadOnlySpan<byte> ContentType => "application/json"u8;

    public override ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
    {
        var typeInfo = (JsonTypeInfo)extra!;
        var options = typeInfo.Options;
        exchange.Writer.Begin();
        if (options.Encoder is null && !options.WriteIndented)
        {
            WriteWithIdle(exchange.Writer, value, typeInfo);
        }
        else
        {
            using var writer = new Utf8JsonWriter(exchange.Writer, new JsonWriterOptions { Encoder = options.Encoder, Indented = options.WriteIndented, SkipValidation = true });
            JsonSerializer.Serialize(writer, value, typeInfo);
        }
        return exchange.Writer.DrainAsync();
    }

    private static void WriteWithIdle(ExchangeWriter output, object? value, JsonTypeInfo typeInfo)
    {
        var writer = t_idle;
        t_idle = null; // a converter that fails leaves its writer in no state to be used again
        if (writer is null)
            writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        else
            writer.Reset(output);
        JsonSerializer.Serialize(writer, value, typeInfo);
        writer.Flush();
        t_idle = writer; // keeps the exchange's object alive, which is reused anyway
    }
}
