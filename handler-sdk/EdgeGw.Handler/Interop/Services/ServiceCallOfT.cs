using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>
/// A call whose reply becomes a <typeparamref name="T"/>, as a <see cref="ValueTask{TResult}"/>. Goes back to the pool when its result is taken, so
/// it can be awaited once. Its word holds its version and whether the result was claimed, by the awaiter or by the exchange's end: only one gets it.
/// </summary>
internal sealed unsafe class ServiceCall<T> : ServiceCall, IValueTaskSource<T>, IValueTaskSource
{
    /// <summary>Calls of one kind of result that may be idle.</summary>
    private const int IdleCalls = 64;

    private static readonly Pool<ServiceCall<T>> Idle = new(IdleCalls);

    private InlineContinuation _continuation;
    private ReplyReader<T> _read = null!;
    private OpenHandle? _open;
    private T? _result;
    private Exception? _error;
    private int _word;
    private bool _isForgotten;

    private short Token => (short)(_word >> 1);

    /// <summary>A call to begin. What follows must end with one of the methods <c>Started…</c>.</summary>
    public static ServiceCall<T> Rent(Exchange exchange, Service service, ReplyReader<T> read, OpenHandle? open = null)
    {
        open?.Enter();
        var call = Idle.TryTake() ?? new ServiceCall<T>();
        call.Exchange = exchange;
        call.Service = service;
        call._read = read;
        call._open = open;
        exchange.Calls.Add(call);
        return call;
    }

    /// <summary>What to await, once the gateway has answered the call with <paramref name="result"/>.</summary>
    public ValueTask<T> Started(AbiResult result)
    {
        var token = Token;
        FailUnlessPending(result);
        return new ValueTask<T>(this, token);
    }

    /// <summary>The same for a call without a result.</summary>
    public ValueTask StartedVoid(AbiResult result)
    {
        var token = Token;
        FailUnlessPending(result);
        return new ValueTask(this, token);
    }

    /// <summary>Nobody will ask what the call comes to. To be said before the gateway is called.</summary>
    public void Forget() => _isForgotten = true;

    /// <summary>The end of a call that <see cref="Forget"/> was said of.</summary>
    public void StartedForgotten(AbiResult result) => FailUnlessPending(result);

    public override void End()
    {
        var word = _word & ~1;
        if (Interlocked.CompareExchange(ref _word, word | 1, word) != word)
            return; // the awaiter is taking the result at this moment
        Discard(); // not reused: an awaiter of the past may be about to leave its continuation here
    }

    public T GetResult(short token)
    {
        var word = (ushort)token << 1;
        if (!_continuation.IsDone || Interlocked.CompareExchange(ref _word, word | 1, word) != word)
            throw Over();
        var (result, error) = (_result!, _error);
        Recycle();
        if (error is not null)
            ExceptionDispatchInfo.Throw(error);
        return result;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token)
    {
        if (Volatile.Read(ref _word) != (ushort)token << 1)
            throw Over();
        return !_continuation.IsDone ? ValueTaskSourceStatus.Pending
            : _error is null ? ValueTaskSourceStatus.Succeeded
            : _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        // What is thrown here would end the process: who waits for a request that is over is forgotten.
        if (Volatile.Read(ref _word) == (ushort)token << 1)
            _continuation.OnCompleted(continuation, state, flags);
    }

    protected override void Accept(AbiReply* reply)
    {
        try
        {
            var told = new Reply(reply);
            if (!told.IsWhole)
                throw new InvalidOperationException("The gateway's reply is shorter than version 1 of its services says.");
            if (told.Result < AbiResult.Ok)
                _error = ServiceFailure.Of(this, told.Result, told.Error, told.Code, isOpen: false);
            else
                _result = _read(this, told);
        }
        catch (Exception e)
        {
            _error = e; // belongs to whoever awaits
        }
        Complete();
    }

    private void FailUnlessPending(AbiResult result)
    {
        if (result == AbiResult.Pending)
            return; // from here on this object may serve another call already
        _error = ServiceFailure.Of(this, result, "", "", isOpen: _open is not null);
        Complete();
    }

    private void Complete()
    {
        _open?.Leave();
        if (_isForgotten)
            Recycle();
        else
            _continuation.Complete();
    }

    private void Recycle()
    {
        Exchange.Calls.Remove(this);
        Argument = null;
        Destination = default;
        _open = null;
        _result = default;
        _error = null;
        _isForgotten = false;
        _continuation = default;
        Volatile.Write(ref _word, ((_word & ~1) + 2) & 0x1FFFF);
        if (!Idle.TryGive(this))
            Discard();
    }

    private static InvalidOperationException Over()
        => new("This call is over: the request has ended, or its result was taken before. A call of a service can be awaited once.");
}
