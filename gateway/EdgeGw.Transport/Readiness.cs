using System.Threading.Tasks.Sources;

namespace EdgeGw.Transport;

/// <summary>Whether a descriptor may be tried again: set by its loop, waited for by one reader or writer, which goes on inside <see cref="Set"/>, on the loop's own thread.</summary>
internal sealed class Readiness : IValueTaskSource
{
    private const int Unknown = 0;
    private const int Ready = 1;
    private const int Awaited = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Ends at once when it has been set since the last wait. One at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Awaited, Unknown) == Ready)
        {
            // A full barrier: who waited looks at the socket only after this can be seen, or a set in between would be lost.
            Interlocked.Exchange(ref _state, Unknown);
            return ValueTask.CompletedTask;
        }
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Something has changed.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Ready) == Awaited)
        {
            // A set that comes between is covered by this one: whoever waits has not looked yet.
            Interlocked.Exchange(ref _state, Unknown);
            _core.SetResult(true);
        }
    }

    /// <inheritdoc/>
    public void GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
}
