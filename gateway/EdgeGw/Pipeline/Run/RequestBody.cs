using System.IO.Pipelines;
using EdgeGw.Abi;
using EdgeGw.Interop;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Run;

/// <summary>The request's body, read by the handler straight from the server's buffers.</summary>
internal sealed class RequestBody(Exchange exchange)
{
    private enum Mode
    {
        None,
        Chunks,
        Whole,
        Done,
    }

    [ThreadStatic]
    private static bool t_starting;

    private PipeReader? _reader;
    private Task<ReadResult>? _pendingRead;
    private Mode _mode;
    private ReadResult _result;
    private bool _hasResult;
    private SequencePosition? _consumeTo;
    private AbiResult _failure;
    private Task? _waiting;
    private volatile bool _isWaiting;
    private LentMemory _lent;
    private GatheredBody _gathered;
    private AbiText _whole;

    /// <summary>A new request.</summary>
    public void Attach(IFeatureCollection features)
    {
        _mode = Mode.None;
        _failure = AbiResult.Ok;
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
        _waiting = null;
        _isWaiting = false;
        _mode = Mode.None;
        _whole = default;
    }

    /// <summary>body_read: the next bytes.</summary>
    public AbiResult ReadChunk(ulong id, out AbiText chunk, ReadyCallback ready)
    {
        chunk = default;
        if (_mode == Mode.Whole || _isWaiting)
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
        if (exchange.Memory.Cancelled)
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
            if (exchange.Memory.Cancelled)
            {
                return AbiResult.Cancelled;
            }
        }
        if (_failure != AbiResult.Ok)
        {
            return _failure;
        }
        return Wait(id, ready);
    }

    /// <summary>body_read_all: the whole body in one piece.</summary>
    public AbiResult ReadAll(ulong id, long limit, out AbiText body, ReadyCallback ready)
    {
        body = default;
        if (_mode is Mode.Chunks or Mode.Done || _isWaiting)
        {
            return AbiResult.InvalidState;
        }
        var max = exchange.Route!.MaxBodyBytes;
        max = limit > 0 ? Math.Min(limit, max) : max;
        if (exchange.Memory.Fields.ContentLength > max)
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
            if (exchange.Memory.Cancelled)
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
                body = _whole;
                return AbiResult.Ok;
            }
            _gathered.Append(_result.Buffer, exchange.Memory.Fields.ContentLength);
            var ended = _result.IsCompleted;
            ReleaseResult();
            if (ended)
            {
                _whole = _gathered.Text;
                body = _whole;
                return AbiResult.Ok;
            }
        }
        return _failure != AbiResult.Ok ? _failure : Wait(id, ready);
    }

    /// <summary>Wakes a handler that waits for the body: the client has gone, or the gateway has answered.</summary>
    public void Cancel()
    {
        if (_isWaiting)
        {
            _reader?.CancelPendingRead();
        }
    }

    /// <summary>Ends once no read is outstanding; after the exchange was closed.</summary>
    public Task StopAsync()
    {
        if (_isWaiting)
        {
            _reader!.CancelPendingRead();
        }
        return _waiting ?? Task.CompletedTask;
    }

    private bool TryBegin(Mode mode)
    {
        if ((exchange.Memory.Fields.Flags & AbiRequestFlags.HasBody) == 0)
        {
            return false;
        }
        _mode = mode;
        var limit = exchange.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false })
        {
            limit.MaxRequestBodySize = exchange.Route!.MaxBodyBytes;
        }
        _reader = exchange.Features.Get<IRequestBodyPipeFeature>()!.Reader;
        return true;
    }

    private bool TryReadNow()
    {
        try
        {
            _hasResult = _reader!.TryRead(out _result);
            if (!_hasResult)
            {
                var read = _reader.ReadAsync();
                if (read.IsCompleted)
                {
                    _result = read.GetAwaiter().GetResult();
                    _hasResult = true;
                }
                else
                {
                    _pendingRead = read.AsTask();
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

    private AbiResult Wait(ulong id, ReadyCallback ready)
    {
        // The wait may end on another thread before the line below stores its task, so a flag of its own says whether it lasts.
        _isWaiting = true;
        t_starting = true;
        _waiting = WaitAsync(id, ready);
        t_starting = false;
        return AbiResult.Pending;
    }

    // A body that is waited for costs two allocations; a body that is there costs none.
    private async Task WaitAsync(ulong id, ReadyCallback ready)
    {
        var outcome = AbiResult.Ok;
        try
        {
            _result = await _pendingRead!.ConfigureAwait(false);
            _hasResult = true;
            if (_result.IsCanceled && exchange.Memory.Cancelled)
            {
                outcome = AbiResult.Cancelled;
            }
            else if (_result.IsCompleted && _result.Buffer.IsEmpty && _mode == Mode.Chunks)
            {
                outcome = AbiResult.End;
            }
        }
        catch (Exception e)
        {
            _failure = outcome = Classify(e);
        }
        if (t_starting)
        {
            // The bytes came in this very moment and the continuation runs inside the handler's own call, where it could not call back.
            await Task.Yield();
        }
        // The handler reads on from inside the callback: the wait must be over by then.
        _isWaiting = false;
        if (exchange.Callbacks.TryEnter(id, out var outer))
        {
            try
            {
                ready.Invoke(outcome);
            }
            finally
            {
                exchange.Callbacks.Exit(outer);
            }
        }
    }

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
