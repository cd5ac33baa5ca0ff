using EdgeGw.Abi;

namespace EdgeGw.Services;

/// <summary>A <see cref="ServiceOpen"/> that is worked on in ordinary calls, one at a time: between them it costs its service nothing but what it holds open, so a slow client
/// keeps no lane. What it holds is given back when a call ends it, or when its exchange ends and no call is inside.</summary>
internal abstract class ServiceStream(ServiceBinding binding, ServiceScope scope) : ServiceOpen
{
    private readonly Lock _lock = new();
    private bool _occupied;
    private bool _over;
    private bool _abandoned;

    /// <summary>The service and the account of whoever opened it.</summary>
    public ServiceBinding Binding { get; } = binding;

    /// <summary>A call begins; when it is not <see cref="AbiResult.Ok"/>, the answer to it.</summary>
    public AbiResult TryEnter()
    {
        lock (_lock)
        {
            if (_over || _abandoned)
            {
                return AbiResult.InvalidState;
            }
            if (_occupied)
            {
                return AbiResult.Busy;
            }
            _occupied = true;
            return AbiResult.Ok;
        }
    }

    /// <summary>The call is over, before it is answered: the next one may come from inside the answer.</summary>
    public void Leave()
    {
        bool close;
        lock (_lock)
        {
            _occupied = false;
            close = _abandoned && !_over;
            _over |= close;
        }
        if (close)
        {
            CloseLater();
        }
    }

    /// <summary>The handler gets to know it by the call's reply. When nobody waits for that reply any more it is closed at once.</summary>
    public async ValueTask OpenAsync(ServiceCall call)
    {
        try
        {
            if (call.IsAnswered)
            {
                throw new ServiceException(AbiResult.Cancelled, "The request does not wait any more.");
            }
            scope.Add(this, call.ExchangeId);
            call.Reply.Open = Id;
        }
        catch
        {
            await CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The call that is inside ends it.</summary>
    public ValueTask EndAsync()
    {
        lock (_lock)
        {
            if (_over)
            {
                return ValueTask.CompletedTask;
            }
            _over = true;
        }
        scope.Left(this);
        return CloseAsync();
    }

    /// <inheritdoc/>
    public override void Abandon()
    {
        bool close;
        lock (_lock)
        {
            _abandoned = true;
            close = !_occupied && !_over;
            _over |= close;
        }
        if (close)
        {
            CloseLater();
        }
    }

    /// <summary>Gives back what it holds, undoing what is not finished. Must not throw.</summary>
    protected abstract ValueTask CloseAsync();

    // Off this thread: it may be the handler's, inside complete().
    private void CloseLater() => ThreadPool.UnsafeQueueUserWorkItem(static stream => _ = stream.CloseAsync().AsTask(), this, preferLocal: false);
}

/// <summary>Counts what a backend has open, so that its client outlives the streams that use it when the service is replaced.</summary>
internal sealed class OpenStreams
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1; // the backend itself

    /// <summary>One more.</summary>
    public void Enter() => Interlocked.Increment(ref _count);

    /// <summary>One less.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _none.TrySetResult();
        }
    }

    /// <summary>The backend is about to go: ends when the last stream has.</summary>
    public Task DrainAsync()
    {
        Leave();
        return _none.Task;
    }
}
