using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Run;

/// <summary>One operation of an exchange that the handler waits for: a read of the body, or a flush of the response. Costs an allocation, so it begins only when waiting is needed.</summary>
internal sealed class ReadyWait(Exchange exchange)
{
    [ThreadStatic]
    private static bool t_starting;

    private Task _task = Task.CompletedTask;
    private volatile bool _active;

    /// <summary>Whether it lasts.</summary>
    public bool IsActive => _active;

    /// <summary>Ends with the operation and the handler's callback.</summary>
    public Task Ended => _task;

    /// <summary>Begins; <paramref name="ready"/> gets what <paramref name="onDone"/> or <paramref name="onError"/> make of the outcome.</summary>
    public AbiResult Begin<T>(ulong id, ValueTask<T> operation, Func<T, AbiResult> onDone, Func<Exception, AbiResult> onError, ReadyCallback ready)
    {
        // It may end on another thread before the line below stores its task, so a flag of its own says whether it lasts.
        _active = true;
        t_starting = true;
        _task = WaitAsync(id, operation, onDone, onError, ready);
        t_starting = false;
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
        if (t_starting)
        {
            // It ended in this very moment and the continuation runs inside the handler's own call, from where its callback could not call back.
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
