using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The response: staged until a flush or the end, then a pipe that the test reads as the client.</summary>
internal sealed unsafe class FakeOutgoing
{
    private const int SpanBytes = 4096; // what the contract promises, and no more

    private static readonly HashSet<string> GatewaysOwn = new(StringComparer.OrdinalIgnoreCase)
        { "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Proxy-Connection", "TE" };

    private readonly FakeExchange _exchange;
    private readonly int _bound;
    private readonly Pipe _pipe;
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private readonly ArrayBufferWriter<byte> _staged = new();
    private readonly TaskCompletionSource<FakeHead> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly byte* _span = (byte*)NativeMemory.Alloc(SpanBytes);
    private int _status = 200;
    private int _lent;
    private long? _announced;
    private long _written;
    private bool _isPending;
    private bool _isClosed;

    public FakeOutgoing(FakeExchange exchange, int bound, int clientBuffer)
    {
        _exchange = exchange;
        _bound = bound;
        _pipe = new Pipe(new PipeOptions(pauseWriterThreshold: clientBuffer, resumeWriterThreshold: Math.Max(1, clientBuffer / 2), useSynchronizationContext: false));
        Reader = _pipe.Reader.AsStream();
    }

    public Task<FakeHead> Head => _head.Task;

    public Stream Reader { get; }

    public AbiResult SetStatus(uint status)
    {
        if (status is < 200 or > 599)
            return AbiResult.InvalidArgument;
        if (_head.Task.IsCompleted)
            return AbiResult.InvalidState;
        _status = (int)status;
        return AbiResult.Ok;
    }

    public AbiResult AddHeader(string name, string value)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
            || value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 || GatewaysOwn.Contains(name))
        {
            return AbiResult.InvalidArgument;
        }
        if (_head.Task.IsCompleted)
            return AbiResult.InvalidState;
        _headers.Add(new(name, value));
        return AbiResult.Ok;
    }

    public AbiResult AnnounceLength(long length)
    {
        if (_head.Task.IsCompleted)
            return AbiResult.InvalidState;
        _announced = length;
        return AbiResult.Ok;
    }

    public AbiResult Span(int hint, AbiSpan* span)
    {
        if (_staged.WrittenCount >= _bound)
            return AbiResult.Busy;
        _lent = Math.Clamp(hint, 1, SpanBytes);
        *span = new AbiSpan { Data = _span, Length = (nuint)_lent };
        return AbiResult.Ok;
    }

    public AbiResult Advance(int written)
    {
        if (written < 0 || written > _lent)
            return AbiResult.InvalidArgument;
        _lent = 0;
        return Stage(new ReadOnlySpan<byte>(_span, written));
    }

    public AbiResult Write(ReadOnlySpan<byte> bytes) => _staged.WrittenCount + bytes.Length > _bound ? AbiResult.Busy : Stage(bytes);

    public AbiResult Flush(delegate* unmanaged<void*, AbiResult, void> ready, void* state)
    {
        if (_isPending)
            return AbiResult.InvalidState;
        SendHead();
        var flushing = Send();
        if (flushing.IsCompleted)
            return AbiResult.Ok;
        _isPending = true;
        var (address, argument) = ((nint)ready, (nint)state);
        flushing.AsTask().ContinueWith(_ => _exchange.Call(() =>
        {
            _isPending = false;
            ((delegate* unmanaged<void*, AbiResult, void>)address)((void*)argument, _exchange.IsCancelled ? AbiResult.Cancelled : AbiResult.Ok);
        }), CancellationToken.None, TaskContinuationOptions.DenyChildAttach, TaskScheduler.Default);
        return AbiResult.Pending;
    }

    public void Refuse(int status, string allow)
    {
        _status = status;
        if (allow.Length > 0)
            _headers.Add(new("Allow", allow));
    }

    /// <summary>The client has gone, or gets 504.</summary>
    public void Cancel(bool timedOut)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;
            if (timedOut)
                _head.TrySetResult(new FakeHead(504, []));
            else
                _head.TrySetException(new IOException("The client left before the response came."));
            Close(_head.Task.IsCompletedSuccessfully && _written == 0 ? null : new IOException("The response was cut off."));
            _pipe.Writer.CancelPendingFlush();
        }
    }

    public void End(AbiResult outcome, string? error)
    {
        lock (_gate)
        {
            NativeMemory.Free(_span);
            if (_isClosed)
                return;
            if (outcome >= AbiResult.Ok && _announced is { } announced && announced != _written)
            {
                Close(new IOException($"The handler announced {announced} bytes and wrote {_written}."));
                _head.TrySetResult(new FakeHead(_status, _headers));
            }
            else if (outcome >= AbiResult.Ok)
            {
                if (_announced is null && !_head.Task.IsCompleted && _status is not (204 or 304))
                    _headers.Add(new("Content-Length", _written.ToString(System.Globalization.CultureInfo.InvariantCulture)));
                SendHead();
                _ = Send().AsTask();
                Close(null);
            }
            else if (_head.Task.IsCompleted)
            {
                Close(new IOException($"The handler failed in the middle of its response ({outcome}): {error}"));
            }
            else
            {
                _head.SetResult(new FakeHead(outcome is AbiResult.OutOfMemory or AbiResult.Busy ? 503 : 500, []));
                Close(null);
            }
        }
    }

    private AbiResult Stage(ReadOnlySpan<byte> bytes)
    {
        if (_announced is { } announced && _written + bytes.Length > announced)
            return AbiResult.InvalidArgument;
        _staged.Write(bytes);
        _written += bytes.Length;
        return AbiResult.Ok;
    }

    private void SendHead()
    {
        if (_head.Task.IsCompleted)
            return;
        if (_announced is { } length)
            _headers.Add(new("Content-Length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        _head.TrySetResult(new FakeHead(_status, [.. _headers]));
    }

    private ValueTask<FlushResult> Send()
    {
        lock (_gate)
        {
            if (_isClosed)
                return default;
            _pipe.Writer.Write(_staged.WrittenSpan);
            _staged.ResetWrittenCount();
            return _pipe.Writer.FlushAsync();
        }
    }

    private void Close(Exception? reason)
    {
        _isClosed = true;
        _pipe.Writer.Complete(reason);
    }
}
