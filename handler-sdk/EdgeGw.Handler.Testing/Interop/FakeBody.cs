using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The request's body, read from a stream on demand.</summary>
internal sealed unsafe class FakeBody : IDisposable
{
    private readonly FakeExchange _exchange;
    private readonly Stream _source;
    private readonly long _limit;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly MemoryStream _whole = new();
    private readonly CancellationTokenSource _stop = new();
    private Task<int>? _reading;
    private void* _chunk;
    private long _total;
    private bool _isStreaming;
    private bool _isWhole;
    private bool _isPending;

    public FakeBody(FakeExchange exchange, FakeRequest request, long limit)
    {
        _exchange = exchange;
        _limit = limit;
        _source = request.BodyStream ?? new MemoryStream(request.Body?.ToArray() ?? []);
    }

    public AbiResult Read(AbiText* chunk, delegate* unmanaged<void*, AbiResult, void> ready, void* state)
    {
        if (_isWhole || _isPending)
            return AbiResult.InvalidState;
        _isStreaming = true;
        var result = Next(_limit, ready, state, out var count);
        if (result != AbiResult.Ok)
            return result;
        if (count == 0)
            return AbiResult.End;
        *chunk = Keep(_buffer.AsSpan(0, count));
        return AbiResult.Ok;
    }

    public AbiResult ReadAll(long limit, AbiText* body, delegate* unmanaged<void*, AbiResult, void> ready, void* state)
    {
        if (_isStreaming || _isPending)
            return AbiResult.InvalidState;
        while (!_isWhole)
        {
            var result = Next(limit == 0 ? _limit : limit, ready, state, out var count);
            if (result != AbiResult.Ok)
                return result;
            _whole.Write(_buffer, 0, count);
            _isWhole = count == 0;
        }
        *body = Keep(_whole.GetBuffer().AsSpan(0, (int)_whole.Length));
        return AbiResult.Ok;
    }

    /// <summary>Nobody waits for the request any more: a read that waits ends.</summary>
    public void Cancel() => _stop.Cancel();

    public void Dispose()
    {
        NativeMemory.Free(_chunk);
        _chunk = null;
        _whole.Dispose();
        _source.Dispose();
        _stop.Dispose();
    }

    /// <summary>Reads on; Pending when nothing has arrived yet.</summary>
    private AbiResult Next(long limit, delegate* unmanaged<void*, AbiResult, void> ready, void* state, out int count)
    {
        count = 0;
        var reading = _reading ??= _source.ReadAsync(_buffer, _stop.Token).AsTask();
        if (!reading.IsCompleted)
        {
            _isPending = true;
            var (address, argument) = ((nint)ready, (nint)state);
            reading.ContinueWith(_ => _exchange.Call(() =>
            {
                _isPending = false;
                ((delegate* unmanaged<void*, AbiResult, void>)address)((void*)argument, AbiResult.Ok);
            }), CancellationToken.None, TaskContinuationOptions.DenyChildAttach, TaskScheduler.Default);
            return AbiResult.Pending;
        }
        _reading = null;
        if (!reading.IsCompletedSuccessfully)
            return AbiResult.IoError;
        count = reading.Result;
        _total += count;
        return _total > limit ? AbiResult.TooLarge : AbiResult.Ok;
    }

    /// <summary>Puts bytes where the library reads them; the last ones are gone then.</summary>
    private AbiText Keep(ReadOnlySpan<byte> bytes)
    {
        NativeMemory.Free(_chunk);
        _chunk = NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(_chunk, bytes.Length));
        return new AbiText((byte*)_chunk, bytes.Length);
    }
}
