using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using EdgeGw.Interop;

namespace EdgeGw.Bodies;

/// <summary>Text in UTF-8, encoded straight into the server's output buffer.</summary>
internal sealed class TextBody(byte[] contentType) : ResponseBody
{
    public static readonly TextBody Plain = new("text/plain; charset=utf-8"u8.ToArray());
    public static readonly TextBody Html = new("text/html; charset=utf-8"u8.ToArray());

    public override ReadOnlySpan<byte> ContentType => contentType;

    public override ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
    {
        var text = (string)value!;
        if (text.Length > Exchange.FlushThreshold / 3) // one UTF-16 unit is at most 3 bytes
            return BytesBody.WriteAsync(exchange, Encoding.UTF8.GetBytes(text));
        exchange.Writer.Begin();
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var status2 = Utf8.FromUtf16(rest, exchange.Writer.GetSpan(Math.Min(rest.Length * 3, 4096)), out var read, out var written);
            Debug.Assert(status2 is OperationStatus.Done or OperationStatus.DestinationTooSmall, "Lone surrogates are replaced.");
            exchange.Writer.Advance(written);
            rest = rest[read..];
        }
        return exchange.Writer.DrainAsync();
    }
}
