using System.Buffers.Text;
using System.IO.Pipelines;
using EdgeGw.Abi;
using EdgeGw.Interop;
using EdgeGw.Pipeline.Run;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Pipeline.Send;

/// <summary>The response, written by the handler. A body whose length was announced goes straight into Kestrel's output buffer; another one is staged, so that a short one gets its
/// Content-Length and leaves with its head in one send, and a long one goes on in chunks.</summary>
internal sealed partial class ResponseWriter
{
    private static readonly Func<FlushResult, AbiResult> s_onFlushed = static result => result.IsCompleted || result.IsCanceled ? AbiResult.Cancelled : AbiResult.Ok;
    private static readonly Func<Exception, AbiResult> s_onFlushFailed = static e => e is OperationCanceledException or IOException ? AbiResult.Cancelled : AbiResult.Internal;

    private readonly Exchange _exchange;
    private readonly ReadyWait _wait;
    private IHttpResponseFeature _response = null!;
    private IHttpResponseBodyFeature _body = null!;
    private PipeWriter? _writer;
    private LentMemory _lent;
    private int _lentBytes;
    private int _staged;
    private int _headerLines;
    private long _announced;
    private long _unflushed;
    private bool _flushed;
    private bool _bodyless;

    /// <summary>The response of an exchange.</summary>
    public ResponseWriter(Exchange exchange)
    {
        _exchange = exchange;
        _wait = new ReadyWait(exchange);
    }

    /// <summary>Whether the head has been handed to Kestrel: status and headers are fixed from then on.</summary>
    public bool HeadSent { get; private set; }

    /// <summary>Body bytes the handler wrote.</summary>
    public long Written { get; private set; }

    /// <summary>The status.</summary>
    public int Status => _response.StatusCode;

    /// <summary>Whether a flush is outstanding.</summary>
    public bool IsWaiting => !_wait.Ended.IsCompleted;

    /// <summary>Whether the announced length was not reached.</summary>
    public bool IsShort => _announced >= 0 && Written < _announced && !_bodyless;

    /// <summary>Takes a request from Kestrel.</summary>
    public void Attach(IFeatureCollection features)
    {
        _response = features as IHttpResponseFeature ?? features.Get<IHttpResponseFeature>()!;
        _body = features as IHttpResponseBodyFeature ?? features.Get<IHttpResponseBodyFeature>()!;
        _announced = -1;
        _bodyless = _exchange.Request.Method == "HEAD";
        HeadSent = false;
        Written = 0;
        _staged = 0;
        _headerLines = 0;
        _unflushed = 0;
        _flushed = false;
        _lentBytes = 0;
    }

    /// <summary>Lets go of the request.</summary>
    public void Detach()
    {
        _lent.Return();
        _response = null!;
        _body = null!;
        _writer = null;
        _wait.Reset();
    }

    /// <summary>response_status.</summary>
    public AbiResult SetStatus(uint status)
    {
        if (_exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }
        if (status is < 200 or > 599)
        {
            return _exchange.Context.Faults.Report(_exchange, $"set the status {status}, which is not between 200 and 599", AbiResult.InvalidArgument);
        }
        if (HeadSent)
        {
            return AbiResult.InvalidState;
        }
        _response.StatusCode = (int)status;
        return AbiResult.Ok;
    }

    /// <summary>response_header.</summary>
    public AbiResult AddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }
        if (HeadSent)
        {
            return AbiResult.InvalidState;
        }
        if (!HeaderRules.IsName(name) || !HeaderRules.IsValue(value))
        {
            return _exchange.Context.Faults.Report(_exchange, "set a header whose name or value is not allowed (RFC 9110, section 5)", AbiResult.InvalidArgument);
        }
        var text = _exchange.Context.HeaderNames.Get(name);
        if (HeaderRules.IsReserved(text))
        {
            return _exchange.Context.Faults.Report(_exchange, $"set the header {text}, which is the gateway's own", AbiResult.InvalidArgument);
        }
        if (text.Length == 14 && string.Equals(text, "Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            return Utf8Parser.TryParse(value, out ulong length, out var read) && read == value.Length
                ? Announce(length)
                : _exchange.Context.Faults.Report(_exchange, "set a Content-Length that is not a number", AbiResult.InvalidArgument);
        }
        if (++_headerLines > HeaderRules.MaxLines)
        {
            return _exchange.Context.Faults.Report(_exchange, $"set more than {HeaderRules.MaxLines} header lines", AbiResult.TooLarge);
        }
        var headers = _response.Headers;
        var line = _exchange.Context.HeaderValues.Get(value);
        headers[text] = headers.TryGetValue(text, out var before) ? StringValues.Concat(before, line) : line;
        return AbiResult.Ok;
    }

    /// <summary>response_content_length.</summary>
    public AbiResult Announce(ulong length)
    {
        if (_exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }
        if (HeadSent || Written > 0)
        {
            return AbiResult.InvalidState;
        }
        if (length > long.MaxValue)
        {
            return AbiResult.InvalidArgument;
        }
        _announced = (long)length;
        return AbiResult.Ok;
    }

    /// <summary>response_span: room for body bytes.</summary>
    public AbiResult Room(int hint, out AbiSpan room)
    {
        room = default;
        if (_exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }
        if (_wait.IsActive)
        {
            return AbiResult.InvalidState;
        }
        var left = _announced < 0 ? long.MaxValue : _announced - Written;
        if (left == 0)
        {
            return _exchange.Context.Faults.Report(_exchange, $"wrote more than the {_announced} bytes it had announced", AbiResult.TooLarge);
        }
        if (_unflushed >= _exchange.Context.Limits.ResponseBufferBytes)
        {
            return AbiResult.Busy;
        }

        var staging = _exchange.Context.Limits.StagingBytes;
        if (_bodyless || IsBodyForbidden)
        {
            room = _exchange.Memory.StagingRoom(0, staging); // counted, never sent
        }
        else
        {
            if (!HeadSent && (_announced >= 0 || _staged == staging))
            {
                StartBody();
            }
            room = HeadSent
                ? _lent.Lend(_writer!.GetMemory(Math.Clamp(hint, 1, 4096)))
                : _exchange.Memory.StagingRoom(_staged, staging);
        }
        room.Length = (nuint)Math.Min((long)room.Length, left);
        _lentBytes = (int)room.Length;
        return AbiResult.Ok;
    }

    /// <summary>response_advance: so many bytes of the room were written.</summary>
    public AbiResult Advance(ulong written)
    {
        if (_exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }
        if (written > (ulong)_lentBytes)
        {
            return _exchange.Context.Faults.Report(_exchange, $"says it wrote {written} bytes into {_lentBytes} bytes of room", AbiResult.InvalidArgument);
        }
        var count = (int)written;
        _lentBytes = 0;
        Written += count;
        if (_bodyless || IsBodyForbidden)
        {
            return AbiResult.Ok;
        }
        if (HeadSent)
        {
            _writer!.Advance(count);
            _unflushed += count;
        }
        else
        {
            _staged += count;
        }
        return AbiResult.Ok;
    }

    /// <summary>response_write: copies bytes.</summary>
    public AbiResult Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var result = Room(bytes.Length, out var room);
            if (result != AbiResult.Ok)
            {
                return result;
            }
            var count = Math.Min(bytes.Length, (int)room.Length);
            bytes[..count].CopyTo(room.AsSpan());
            result = Advance((ulong)count);
            if (result != AbiResult.Ok)
            {
                return result;
            }
            bytes = bytes[count..];
        }
        return AbiResult.Ok;
    }

    /// <summary>response_flush.</summary>
    public AbiResult Flush(ulong id, ReadyCallback ready)
    {
        if (_exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }
        if (_wait.IsActive)
        {
            return AbiResult.InvalidState;
        }
        try
        {
            if (!HeadSent)
            {
                StartBody();
            }
            _unflushed = 0;
            _flushed = true;
            _lentBytes = 0;
            var flush = _writer!.FlushAsync();
            if (flush.IsCompleted)
            {
                return s_onFlushed(flush.GetAwaiter().GetResult());
            }
            return _wait.Begin(id, flush, s_onFlushed, s_onFlushFailed, ready);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return AbiResult.Cancelled;
        }
    }

    /// <summary>Wakes a handler that waits for a slow client.</summary>
    public void Cancel()
    {
        if (_wait.IsActive)
        {
            _writer?.CancelPendingFlush();
        }
    }

    /// <summary>Ends once no flush is outstanding; after the exchange was closed.</summary>
    public Task StopAsync()
    {
        if (_wait.IsActive)
        {
            _writer!.CancelPendingFlush();
        }
        return _wait.Ended;
    }

    /// <summary>Hands what is staged to Kestrel, with the length now known. Kestrel sends it when the request ends, unless the handler has flushed before: then Kestrel leaves the rest of
    /// a body of announced length to the application, and the task is the flush.</summary>
    public Task Finish()
    {
        _lent.Return();
        if (HeadSent)
        {
            return _flushed && _unflushed > 0 ? FlushRestAsync() : Task.CompletedTask;
        }
        if (!IsBodyForbidden)
        {
            _response.Headers.ContentLength = _announced >= 0 ? _announced : Written;
        }
        if (_staged > 0)
        {
            StartBody();
        }
        return Task.CompletedTask;
    }

    private async Task FlushRestAsync()
    {
        try
        {
            await _writer!.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client has gone: there is nobody to send the rest to.
        }
    }

    // 204 and 304 have no body (RFC 9110, sections 15.3.5 and 15.4.5).
    private bool IsBodyForbidden => _response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified;

    private void StartBody()
    {
        if (_announced >= 0 && !IsBodyForbidden)
        {
            _response.Headers.ContentLength = _announced;
        }
        // Without this, Kestrel would lend memory of its own and copy it behind the head later. It completes at once: nothing is flushed yet and nobody has registered to be asked.
        var start = _body.StartAsync();
        if (!start.IsCompletedSuccessfully)
        {
            start.GetAwaiter().GetResult();
        }
        HeadSent = true;
        _writer = _body.Writer;
        Copy(_writer, _exchange.Memory.Staging(_exchange.Context.Limits.StagingBytes)[.._staged]);
        _unflushed += _staged;
        _staged = 0;
    }

    private static void Copy(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            // Asked for a size, since Kestrel gives an empty span to whoever asks for none when the stream was reset meanwhile.
            var target = writer.GetSpan(Math.Min(bytes.Length, 4096));
            var count = Math.Min(bytes.Length, target.Length);
            bytes[..count].CopyTo(target);
            writer.Advance(count);
            bytes = bytes[count..];
        }
    }
}
