using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The calls that write the response.</summary>
internal sealed unsafe partial class Exchange
{
    /// <summary>Bytes written before a flush: what the gateway keeps is bounded, and a slow client must slow its handler.</summary>
    public const int FlushThreshold = 64 * 1024;

    private const int WriteStep = 16 * 1024;

    private int _unflushed;

    /// <summary>True once a part of the response was given to the gateway: another one cannot take its place any more.</summary>
    public bool HasResponseStarted { get; private set; }

    public bool NeedsFlush => _unflushed >= FlushThreshold;

    public ExchangeWriter Writer => _writer;

    public void BeginResponse(int status)
    {
        _ = Live;
        HasResponseStarted = true;
        _unflushed = 0;
        if (status != 200)
            Check(_table->ResponseStatus(Id, (uint)status));
    }

    public void Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _ = Live;
        fixed (byte* n = name, v = value)
            Check(_table->ResponseHeader(Id, new AbiText(n, name.Length), new AbiText(v, value.Length)));
    }

    public void Header(ReadOnlySpan<byte> name, string value)
    {
        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (size <= 512)
        {
            Span<byte> buffer = stackalloc byte[512];
            Header(name, buffer[..Encoding.UTF8.GetBytes(value, buffer)]);
        }
        else
        {
            Header(name, Encoding.UTF8.GetBytes(value));
        }
    }

    public void Header(string name, string value)
    {
        Span<byte> buffer = stackalloc byte[ResponseHeader.MaxNameLength];
        Header(buffer[..Encoding.ASCII.GetBytes(name, buffer)], value);
    }

    public void AnnounceLength(long length)
    {
        _ = Live;
        Check(_table->ResponseContentLength(Id, (ulong)length));
    }

    /// <summary>Room in the server's own buffer; perhaps less than <paramref name="hint"/> when that is over 4096.</summary>
    public AbiSpan Span(int hint)
    {
        _ = Live;
        AbiSpan span;
        Check(_table->ResponseSpan(Id, (nuint)hint, &span));
        return span;
    }

    public void Advance(int written)
    {
        _ = Live;
        Check(_table->ResponseAdvance(Id, (nuint)written));
        _unflushed += written;
    }

    /// <summary>Writes without waiting. For bytes that are known to be few, or where nothing can wait.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => Check(TryWrite(bytes));

    /// <summary>Writes any number of bytes, as fast as the client takes them. Done when it returns if nothing had to wait.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > WriteStep || NeedsFlush)
            return WriteSlowlyAsync(bytes);
        var result = TryWrite(bytes.Span);
        if (result == AbiResult.Busy)
            return WriteSlowlyAsync(bytes);
        Check(result);
        return default;
    }

    /// <summary>Sends what was written; waits while the client is slow.</summary>
    public ValueTask FlushAsync()
    {
        _ = Live;
        _flushWait.Begin();
        var result = _table->ResponseFlush(Id, PendingOperation.Ready, _flushWait.State);
        _unflushed = 0;
        if (result == AbiResult.Pending)
            return WaitFlushAsync();
        Check(result);
        return default;
    }

    private AbiResult TryWrite(ReadOnlySpan<byte> bytes)
    {
        _ = Live;
        fixed (byte* data = bytes)
        {
            var result = _table->ResponseWrite(Id, new AbiText(data, bytes.Length));
            if (result >= AbiResult.Ok)
                _unflushed += bytes.Length;
            return result;
        }
    }

    private void Check(AbiResult result)
    {
        if (result < AbiResult.Ok)
            throw ResponseFailure(result);
    }

    private Exception ResponseFailure(AbiResult result) => result switch
    {
        AbiResult.Cancelled => new OperationCanceledException("The request was cancelled while its response was written.", CancellationToken),
        AbiResult.InvalidArgument => new InvalidOperationException("The gateway refused a part of the response: a status, a header, or more bytes than its Content-Length."),
        AbiResult.InvalidState => new InvalidOperationException("The response has been sent already."),
        AbiResult.TooLarge => new InvalidOperationException("The response exceeds a limit of the gateway: its headers, or its announced length."),
        AbiResult.OutOfMemory => new InsufficientMemoryException("The gateway has no memory for the response."),
        AbiResult.Busy => new IOException("The gateway keeps no more of this response in memory: flush and wait between writes."),
        _ => new IOException($"The response cannot be written ({result})."),
    };
}
