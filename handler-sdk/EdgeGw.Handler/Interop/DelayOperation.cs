using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace EdgeGw.Interop;

/// <summary>One wait on the gateway's timer. A timer cannot be taken back, so a cancelled wait lets it fire and looks away.</summary>
internal sealed unsafe class DelayOperation : IValueTaskSource
{
    private const int Waiting = 0;
    private const int Elapsed = 1;
    private const int Cancelled = 2;
    private const int Refused = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly LibraryInstance _library;
    private readonly CancellationToken _cancellationToken;
    private CancellationTokenRegistration _registration;
    private InlineContinuation _continuation;
    private TimeSpan _left;
    private int _outcome;

    private DelayOperation(LibraryInstance library, TimeSpan delay, CancellationToken cancellationToken)
    {
        _library = library;
        _left = delay;
        _cancellationToken = cancellationToken;
    }

    public static ValueTask Start(LibraryInstance library, TimeSpan delay, CancellationToken cancellationToken)
    {
        var operation = new DelayOperation(library, delay, cancellationToken);
        if (!operation.Arm())
            throw TooMany();
        if (cancellationToken.CanBeCanceled)
            operation._registration = cancellationToken.UnsafeRegister(static o => ((DelayOperation)o!).Finish(Cancelled), operation);
        return new ValueTask(operation, 0);
    }

    public void GetResult(short token)
    {
        _registration.Dispose();
        switch (_outcome)
        {
            case Cancelled: throw new OperationCanceledException(_cancellationToken);
            case Refused: throw TooMany();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => Volatile.Read(ref _outcome) switch
    {
        Waiting => ValueTaskSourceStatus.Pending,
        Elapsed => ValueTaskSourceStatus.Succeeded,
        Cancelled => ValueTaskSourceStatus.Canceled,
        _ => ValueTaskSourceStatus.Faulted,
    };

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _continuation.OnCompleted(continuation, state, flags);

    private static HandlerError.ServiceUnavailable TooMany() => new("The gateway has too many timers waiting.");

    private bool Arm()
    {
        var step = _left < Longest ? _left : Longest;
        _left -= step;
        var handle = GCHandle.Alloc(this);
        if (_library.PostAfter((uint)Math.Ceiling(step.TotalMilliseconds), &OnTimer, GCHandle.ToIntPtr(handle)))
            return true;
        handle.Free();
        return false;
    }

    [UnmanagedCallersOnly]
    private static void OnTimer(void* state)
    {
        var handle = GCHandle.FromIntPtr((nint)state);
        var operation = (DelayOperation)handle.Target!;
        handle.Free();
        try
        {
            if (operation._left <= TimeSpan.Zero)
                operation.Finish(Elapsed);
            else if (Volatile.Read(ref operation._outcome) == Waiting && !operation.Arm())
                operation.Finish(Refused);
        }
        catch (Exception e)
        {
            operation._library.Synchronization.Report("A continuation failed.", e);
        }
    }

    /// <summary>Ends the wait once; the continuation runs here, on a gateway thread or on the one that cancels.</summary>
    private void Finish(int outcome)
    {
        if (Interlocked.CompareExchange(ref _outcome, outcome, Waiting) == Waiting)
            _continuation.Complete();
    }
}
