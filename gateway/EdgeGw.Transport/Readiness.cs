using System.Threading.Tasks.Sources;

namespace EdgeGw.Transport;

/// <summary>Whether a descriptor may be tried again: set by its loop, waited for by one reader or writer, which goes on inside <see cref="Set"/>, on the loop's own thread.</summary>
internal sealed class Readiness : IValueTaskSource
{
    private const int Unknown = 0;
    private const int Ready = 1;
    private const int Awaited = 2;

    private Action<object?>? _continuation;
    private object? _continuationState;
    private int _state;

    /// <summary>Ends at once when it has been set since the last wait. One at a time.</summary>
    public ValueTask WaitAsync() =>
        // A full barrier: who waited looks at the socket only after this can be seen, or a set in between would be lost.
        Interlocked.CompareExchange(ref _state, Unknown, Ready) == Ready ? ValueTask.CompletedTask : new ValueTask(this, 0);

    /// <summary>Something has changed.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Ready) == Awaited)
        {
            var (goOn, state) = (_continuation!, _continuationState);
            // A set that comes between is covered by this one: whoever waits has not looked yet.
            Interlocked.Exchange(ref _state, Unknown);
            goOn(state);
        }
    }

    /// <inheritdoc/>
    public void GetResult(short token)
    {
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Pending; // asked before the wait only: its end is what OnCompleted's continuation says

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        (_continuation, _continuationState) = (continuation, state);
        if (Interlocked.CompareExchange(ref _state, Awaited, Unknown) == Ready)
        {
            // Set since WaitAsync. On this thread, as if WaitAsync had seen it, and not on the pool's as ManualResetValueTaskSourceCore would: a handler that blocks belongs on no thread of the pool.
            Interlocked.Exchange(ref _state, Unknown);
            continuation(state);
        }
    }
}
