using EdgeGw.Interop;

namespace EdgeGw.Bodies;

/// <summary>What a stream holds.</summary>
internal sealed class StreamBody : ResponseBody
{
    public static readonly StreamBody Instance = new();

    public override ReadOnlySpan<byte> ContentType => "application/octet-stream"u8;

    public override async ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
    {
        await using var source = (Stream)value!;
        if (extra is long length)
            exchange.AnnounceLength(length);
        await using var body = new ResponseStream(exchange);
        await source.CopyToAsync(body, exchange.CancellationToken);
    }
}

/// <summary>What a function writes.</summary>
internal sealed class WriterBody : ResponseBody
{
    public static readonly WriterBody Instance = new();

    public override ReadOnlySpan<byte> ContentType => "application/octet-stream"u8;

    public override async ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
    {
        var write = (Func<Stream, CancellationToken, Task>)value!;
        if (extra is long length)
            exchange.AnnounceLength(length);
        await using var body = new ResponseStream(exchange);
        await write(body, exchange.CancellationToken);
    }
}

/// <summary>Pieces as they come, each sent at once.</summary>
internal sealed class PiecesBody : ResponseBody
{
    public static readonly PiecesBody Instance = new();

    public override ReadOnlySpan<byte> ContentType => "application/octet-stream"u8;

    public override async ValueTask WriteAsync(Exchange exchange, int status, object? value, object? extra)
    {
        var pieces = (IAsyncEnumerable<ReadOnlyMemory<byte>>)value!;
        if (extra is long length)
            exchange.AnnounceLength(length);
        await foreach (var piece in pieces.WithCancellation(exchange.CancellationToken))
        {
            await exchange.WriteAsync(piece);
            await exchange.FlushAsync();
        }
    }
}
