using System.Threading.Tasks.Sources;

namespace EdgeGw.Transport;

/// <summary>A way onto a loop's thread: what awaits it goes on inside the socket's next event, which it causes. Always there, and never on the thread that awaits.</summary>
internal sealed class LoopEntry(EpollConnection connection) : IValueTaskSource
{
    private Action<object?>? _continuation;
    private object? _state;
    private volatile bool _isInside;

    /// <summary>Once.</summary>
    public ValueTask WaitAsync() => new(this, 0);

    /// <summary>An event of the socket, on the loop's thread.</summary>
    public void Enter()
    {
        if (Volatile.Read(ref _continuation) is not null && Interlocked.Exchange(ref _continuation, null) is { } enter)
        {
            _isInside = true;
            enter(_state);
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _isInside ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _state = state;
        Volatile.Write(ref _continuation, continuation);
        // A socket that was just accepted can be written to, so it has something to report.
        connection.Requeue();
    }

    /// <inheritdoc/>
    public void GetResult(short token)
    {
    }
}
