using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace EdgeGw.Interop;

/// <summary>
/// The continuation of one wait that a gateway thread ends. It runs inline there: under the gateway's synchronization context when it
/// captured that, under none when it captured none (<c>ConfigureAwait(false)</c>), so that the tasks it completes can in turn run their
/// continuations inline. <c>ManualResetValueTaskSourceCore</c> would take a detour through Post for each.
/// </summary>
internal struct InlineContinuation
{
    private static readonly Action<object?> Done = static _ => throw new UnreachableException();

    private Action<object?>? _continuation;
    private object? _state;
    private SynchronizationContext? _context;

    public readonly bool IsDone => ReferenceEquals(Volatile.Read(in _continuation), Done);

    /// <summary>Keeps the continuation until <see cref="Complete"/>; when that came first, it is posted, never run inline into the middle of an await.</summary>
    public void OnCompleted(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags)
    {
        if (flags.HasFlag(ValueTaskSourceOnCompletedFlags.FlowExecutionContext) && ExecutionContext.Capture() is { } flow)
        {
            var inner = continuation;
            continuation = s => ExecutionContext.Run(flow, inner.Invoke, s);
        }
        _state = state;
        _context = flags.HasFlag(ValueTaskSourceOnCompletedFlags.UseSchedulingContext) ? SynchronizationContext.Current : null;
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
            (_context ?? GatewaySynchronizationContext.Default).Post(continuation.Invoke, state);
    }

    /// <summary>Ends the wait and runs the continuation, if it is there yet. Once per wait.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _continuation, Done) is not { } continuation)
            return;
        // Read before the continuation runs: it may begin the next wait on the same object.
        var (state, context) = (_state, _context);
        if (context is not null and not GatewaySynchronizationContext)
        {
            context.Post(continuation.Invoke, state);
            return;
        }
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            continuation(state);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }
}
