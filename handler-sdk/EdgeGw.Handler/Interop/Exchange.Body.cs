using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The calls that read the request's body.</summary>
internal sealed unsafe partial class Exchange
{
    private AbiText _whole;
    private AbiText _chunk; // what is left of the last body_read
    private BodyState _bodyState;
    private GatewayMemory? _lentBody;

    private enum BodyState
    {
        Untouched,
        Whole,
        Streaming,
        Ended,
    }

    /// <summary>The whole body, if it is at hand without waiting; asking for it twice is fine.</summary>
    /// <returns>Ok, or Pending after which <see cref="WaitBodyAsync"/> says when to ask again.</returns>
    /// <exception cref="HandlerError.PayloadTooLarge">It exceeds the route's limit.</exception>
    public AbiResult TryReadAll()
    {
        _ = Live;
        if (_bodyState == BodyState.Whole)
            return AbiResult.Ok;
        if (_bodyState != BodyState.Untouched)
            throw new InvalidOperationException("The body is being read as a stream; it cannot be read as a whole any more.");
        if (!HasBody)
        {
            _whole = default;
            _bodyState = BodyState.Whole;
            return AbiResult.Ok;
        }
        AbiText body;
        _bodyWait.Begin();
        var result = _table->BodyReadAll(Id, 0, &body, PendingOperation.Ready, _bodyWait.State);
        if (result < AbiResult.Ok)
            throw BodyFailure(result);
        if (result == AbiResult.Pending)
            return AbiResult.Pending;
        _whole = body;
        _bodyState = BodyState.Whole;
        return AbiResult.Ok;
    }

    /// <summary>The whole body, after <see cref="TryReadAll"/> gave Ok. Lives until the request is over.</summary>
    public ReadOnlySpan<byte> WholeBody => _whole.AsSpan();

    public bool IsBodyWhole => _bodyState == BodyState.Whole;

    /// <summary>The whole body as memory that is refused after the request.</summary>
    public ReadOnlyMemory<byte> LendWholeBody()
    {
        if (_whole.Length == 0)
            return default;
        _lentBody ??= new GatewayMemory(_whole.Data, checked((int)_whole.Length));
        return _lentBody.Memory;
    }

    /// <summary>Waits for the <c>ready</c> of the last call that gave Pending.</summary>
    public ValueTask<AbiResult> WaitBodyAsync() => _bodyWait.Wait();

    /// <summary>Copies what has arrived; 0 and Ok at the end, Pending when nothing has arrived yet.</summary>
    public AbiResult TryReadSome(Span<byte> destination, out int count)
    {
        count = 0;
        if (destination.IsEmpty)
            return AbiResult.Ok;
        var result = TryReadChunk();
        if (result != AbiResult.Ok)
            return result;
        count = (int)Math.Min((nuint)destination.Length, _chunk.Length);
        _chunk.AsSpan()[..count].CopyTo(destination);
        _chunk.Data += count;
        _chunk.Length -= (nuint)count;
        return AbiResult.Ok;
    }

    /// <summary>The rest of the current chunk, which the next read takes away.</summary>
    public ReadOnlyMemory<byte> LendChunk()
    {
        _lentBody = new GatewayMemory(_chunk.Data, checked((int)_chunk.Length));
        _chunk = default;
        return _lentBody.Memory;
    }

    /// <summary>Makes sure that there is a current chunk: empty with Ok at the end.</summary>
    public AbiResult TryReadChunk()
    {
        _ = Live;
        switch (_bodyState)
        {
            case BodyState.Whole: // read as a whole before: hand that out as one chunk
                _chunk = _whole;
                _bodyState = BodyState.Ended;
                return AbiResult.Ok;
            case BodyState.Ended:
                return AbiResult.Ok;
            case BodyState.Untouched:
                _bodyState = HasBody ? BodyState.Streaming : BodyState.Ended;
                break;
        }
        if (_chunk.Length > 0 || _bodyState == BodyState.Ended)
            return AbiResult.Ok;
        _lentBody?.Invalidate();
        AbiText chunk;
        _bodyWait.Begin();
        var result = _table->BodyRead(Id, &chunk, PendingOperation.Ready, _bodyWait.State);
        if (result < AbiResult.Ok)
            throw BodyFailure(result);
        if (result == AbiResult.End)
            _bodyState = BodyState.Ended;
        else if (result == AbiResult.Ok)
            _chunk = chunk;
        return result == AbiResult.Pending ? AbiResult.Pending : AbiResult.Ok;
    }

    private void ResetBody()
    {
        _lentBody?.Invalidate();
        _lentBody = null;
        _whole = default;
        _chunk = default;
        _bodyState = BodyState.Untouched;
    }

    private Exception BodyFailure(AbiResult result) => result switch
    {
        AbiResult.TooLarge => new HandlerError.PayloadTooLarge(),
        AbiResult.Cancelled => new OperationCanceledException("The request was cancelled while its body was read.", CancellationToken),
        AbiResult.OutOfMemory => new InsufficientMemoryException("The gateway has no memory for the request's body."),
        AbiResult.InvalidState or AbiResult.Busy => new InvalidOperationException("The body is being read elsewhere at this moment; one read at a time."),
        _ => new IOException($"The request's body cannot be read ({result})."),
    };
}
