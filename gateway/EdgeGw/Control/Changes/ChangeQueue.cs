namespace EdgeGw.Control.Changes;

/// <summary>One change of the desired state at a time, in the order in which they came.</summary>
internal sealed class ChangeQueue : IDisposable
{
    /// <summary>Changes that may wait; more are refused.</summary>
    internal const int MaxWaiting = 64;

    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;
    private volatile bool _isClosed;

    /// <summary>Waits for its turn and runs. Once begun, a change runs to its end, whoever has stopped waiting for it.</summary>
    internal async Task<T> RunAsync<T>(Func<Task<T>> change, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ChangeRefusedException(503, $"{MaxWaiting} changes are waiting already; try again in a moment.");
        }
        try
        {
            await _turn.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        try
        {
            if (_isClosed)
            {
                throw new ChangeRefusedException(503, "The gateway is ending or being upgraded; try again in a moment.");
            }
            return await change();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends when the change under way has been made; those that wait, and all that come, are refused.</summary>
    internal async Task CloseAsync()
    {
        _isClosed = true;
        await _turn.WaitAsync();
        _turn.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
