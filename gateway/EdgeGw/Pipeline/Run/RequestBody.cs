using System.IO.Pipelines;
using EdgeGw.Abi;
using EdgeGw.Interop;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Run;

/// <summary>The request's body, read by the handler straight from the server's buffers.</summary>
internal sealed class RequestBody
{
    private enum Mode
    {
        None,
        Chunks,
        Whole,
        Done,
    }

    private readonly Exchange _exchange;
    private readonly ReadyWait _wait;
    private readonly Func<ReadResult, AbiResult> _onRead;
    private readonly Func<Exception, AbiResult> _onReadFailed;
    private PipeReader? _reader;
    private ValueTask<ReadResult> _pendingRead;
    private Mode _mode;
    private ReadResult _result;
    private bool _hasResult;
    private SequencePosition? _consumeTo;
    private AbiResult _failure;
    private LentMemory _lent;
    private GatheredBody _gathered;
    private AbiText _whole;

    /// <summary>The body of an exchange.</summary>
    public RequestBody(Exchange exchange)
    {
        _exchange = exchange;
        _wait = new ReadyWait(exchange);
        _onRead = OnRead;
        _onReadFailed = OnReadFailed;
    }

    /// <summary>Whether a read is outstanding.</summary>
    public bool IsWaiting => !_wait.Ended.IsCompleted;

    /// <summary>Bytes of it that the handler has been given, or that wait for it.</summary>
    public long Received { get; private set; }

    /// <summary>A new request.</summary>
    public void Attach(IFeatureCollection features)
    {
        _mode = Mode.None;
        _failure = AbiResult.Ok;
        Received = 0;
    }

    /// <summary>Lets go of the request. No wait is outstanding by now.</summary>
    public void Detach()
    {
        if (_mode == Mode.None)
        {
            return;
        }
        _lent.Return();
        _gathered.Free();
        if (_hasResult)
        {
            ReleaseResult();
        }
        _reader = null;
        _consumeTo = null;
        _wait.Reset();
        _mode = Mode.None;
        _whole = default;
    }

    /// <summary>body_read: the next bytes.</summary>
    public AbiResult ReadChunk(ulong id, out AbiText chunk, ReadyCallback ready)
    {
        chunk = default;
        if (_mode == Mode.Whole || _wait.IsActive)
        {
            return AbiResult.InvalidState;
        }
        if (_mode == Mode.None && !TryBegin(Mode.Chunks))
        {
            return _failure == AbiResult.Ok ? AbiResult.End : _failure;
        }
        if (_mode == Mode.Done)
        {
            return AbiResult.End;
        }
        if (_failure != AbiResult.Ok)
        {
            return _failure;
        }
        if (_exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }

        if (_consumeTo is { } position)
        {
            _lent.Return();
            _reader!.AdvanceTo(position);
            _consumeTo = null;
            _hasResult = false;
        }
        while (_hasResult || TryReadNow())
        {
            if (_failure != AbiResult.Ok)
            {
                return _failure;
            }
            if (!_result.Buffer.IsEmpty)
            {
                var first = _result.Buffer.First;
                chunk = _lent.Lend(first);
                Received += first.Length;
                _consumeTo = _result.Buffer.GetPosition(first.Length);
                return AbiResult.Ok;
            }
            var ended = _result.IsCompleted;
            ReleaseResult();
            if (ended)
            {
                _mode = Mode.Done;
                return AbiResult.End;
            }
            if (_exchange.Memory.Cancelled)
            {
                return AbiResult.Cancelled;
            }
        }
        if (_failure != AbiResult.Ok)
        {
            return _failure;
        }
        return _wait.Begin(id, _pendingRead, _onRead, _onReadFailed, ready);
    }

    /// <summary>body_read_all: the whole body in one piece.</summary>
    public AbiResult ReadAll(ulong id, long limit, out AbiText body, ReadyCallback ready)
    {
        body = default;
        if (_mode is Mode.Chunks or Mode.Done || _wait.IsActive)
        {
            return AbiResult.InvalidState;
        }
        if (_exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }
        var max = _exchange.Route!.MaxBodyBytes;
        max = limit > 0 ? Math.Min(limit, max) : max;
        if (_exchange.Memory.Fields.ContentLength > max)
        {
            return AbiResult.TooLarge;
        }
        if (_mode == Mode.None && !TryBegin(Mode.Whole))
        {
            return _failure; // Ok with no bytes when there is no body
        }
        if (_whole.Length > 0)
        {
            body = _whole;
            return AbiResult.Ok;
        }
        if (_failure != AbiResult.Ok)
        {
            return _failure;
        }

        while (_hasResult || TryReadNow())
        {
            if (_failure != AbiResult.Ok)
            {
                return _failure;
            }
            if (_exchange.Memory.Cancelled)
            {
                return AbiResult.Cancelled;
            }
            if (_gathered.Length + _result.Buffer.Length > max)
            {
                _failure = AbiResult.TooLarge;
                return _failure;
            }
            if (_result.IsCompleted && _gathered.Length == 0 && _result.Buffer.IsSingleSegment)
            {
                // It arrived in one piece: the handler reads it where Kestrel put it. The result stays open until completion.
                _whole = _lent.Lend(_result.Buffer.First);
                Received = (long)_whole.Length;
                body = _whole;
                return AbiResult.Ok;
            }
            Received += _result.Buffer.Length;
            _gathered.Append(_result.Buffer, _exchange.Memory.Fields.ContentLength);
            var ended = _result.IsCompleted;
            ReleaseResult();
            if (ended)
            {
                _whole = _gathered.Text;
                body = _whole;
                return AbiResult.Ok;
            }
        }
        return _failure != AbiResult.Ok ? _failure : _wait.Begin(id, _pendingRead, _onRead, _onReadFailed, ready);
    }

    /// <summary>Wakes a handler that waits for the body: the client has gone, or the gateway has answered.</summary>
    public void Cancel()
    {
        if (_wait.IsActive)
        {
            _reader?.CancelPendingRead();
        }
    }

    /// <summary>Ends once no read is outstanding; after the _exchange was closed.</summary>
    public Task StopAsync()
    {
        if (_wait.IsActive)
        {
            _reader!.CancelPendingRead();
        }
        return _wait.Ended;
    }

    private bool TryBegin(Mode mode)
    {
        if ((_exchange.Memory.Fields.Flags & AbiRequestFlags.HasBody) == 0)
        {
            return false;
        }
        _mode = mode;
        var limit = _exchange.Feature<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false })
        {
            limit.MaxRequestBodySize = _exchange.Route!.MaxBodyBytes;
        }
        _reader = _exchange.Feature<IRequestBodyPipeFeature>()!.Reader;
        return true;
    }

    private bool TryReadNow()
    {
        try
        {
            _hasResult = _reader!.TryRead(out _result);
            if (!_hasResult)
            {
#pragma warning disable CA2012 // kept for the one wait that consumes it, since asking the pipe twice is not allowed
                var read = _reader.ReadAsync();
#pragma warning restore CA2012
                if (read.IsCompleted)
                {
                    _result = read.GetAwaiter().GetResult();
                    _hasResult = true;
                }
                else
                {
                    _pendingRead = read;
                }
            }
            return _hasResult;
        }
        catch (Exception e)
        {
            _failure = Classify(e);
            return false;
        }
    }

    private AbiResult OnRead(ReadResult result)
    {
        _result = result;
        _hasResult = true;
        if (result.IsCanceled && _exchange.Memory.Cancelled)
        {
            return AbiResult.Cancelled;
        }
        return result.IsCompleted && result.Buffer.IsEmpty && _mode == Mode.Chunks ? AbiResult.End : AbiResult.Ok;
    }

    private AbiResult OnReadFailed(Exception e) => _failure = Classify(e);

    private void ReleaseResult()
    {
        _reader!.AdvanceTo(_consumeTo ?? _result.Buffer.End);
        _consumeTo = null;
        _hasResult = false;
        _result = default;
    }

    private static AbiResult Classify(Exception e) => e switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => AbiResult.TooLarge,
        BadHttpRequestException => AbiResult.IoError,
        OperationCanceledException or IOException or Microsoft.AspNetCore.Connections.ConnectionAbortedException => AbiResult.Cancelled,
        InvalidOperationException => AbiResult.InvalidState,
        OutOfMemoryException => AbiResult.OutOfMemory,
        _ => AbiResult.Internal,
    };
}
