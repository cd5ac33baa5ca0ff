using EdgeGw.Interop;

namespace EdgeGw.Bodies;

/// <summary>Bytes that are all there.</summary>
internal sealed class BytesBody : ResponseBody
{
    /// <summary>The value is a byte[]: nothing to box.</summary>
    public static readonly BytesBody Array = new();

    /// <summary>The value is a ReadOnlyMemory.</summary>
    public static readonly BytesBody Memory = new();

    public override ReadOnlySpan<byte> ContentType => "application/octet-stream"u8;

    public override ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
        => WriteAsync(exchange, ReferenceEquals(this, Array) ? (byte[])value! : (ReadOnlyMemory<byte>)value!);

    public static ValueTask WriteAsync(Exchange exchange, ReadOnlyMemory<byte> bytes)
    {
        exchange.AnnounceLength(bytes.Length);
        return exchange.WriteAsync(bytes);
    }
}
