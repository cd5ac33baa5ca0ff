using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Run;

/// <summary>One operation of an exchange that the handler waits for: a read of the body, or a flush of the response. Costs an allocation, so it begins only when waiting is needed.</summary>
internal sealed class ReadyWait(Exchange exchange)
{
    private Task _task = Task.CompletedTask;
    private volatile bool _active;

    /// <summary>Whether it lasts.</summary>
    public bool IsActive => _active;

    /// <summary>Ends with the operation and the handler's callback.</summary>
    public Task Ended => _task;

    /// <summary>Begins, inside the exchange's guard; <paramref name="ready"/> gets what <paramref name="onDone"/> or <paramref name="onError"/> make of the outcome, once the guard was left.</summary>
    public AbiResult Begin<T>(ulong id, ValueTask<T> operation, Func<T, AbiResult> onDone, Func<Exception, AbiResult> onError, ReadyCallback ready)
    {
        _active = true;
        _task = WaitAsync(id, operation, onDone, onError, ready);
        return AbiResult.Pending;
    }

    /// <summary>Ready for a new exchange.</summary>
    public void Reset()
    {
        _task = Task.CompletedTask;
        _active = false;
    }

    private async Task WaitAsync<T>(ulong id, ValueTask<T> operation, Func<T, AbiResult> onDone, Func<Exception, AbiResult> onError, ReadyCallback ready)
    {
        AbiResult outcome;
        try
        {
            outcome = onDone(await operation.ConfigureAwait(false));
        }
        catch (Exception e)
        {
            outcome = onError(e);
        }
        while (exchange.IsEntered(id))
        {
            // The operation ended at once, on another thread or on this one, and the handler's call that began it has not left yet: its callback could not call back, and the task of this
            // wait may not be stored. Leaving publishes it.
            await Task.Yield();
        }
        // The handler goes on from inside the callback: the wait must be over by then.
        _active = false;
        if (exchange.Callbacks.TryEnter(id, out var outer))
        {
            try
            {
                ready.Invoke(id, outcome);
            }
            finally
            {
                exchange.Callbacks.Exit(outer);
            }
        }
    }
}
