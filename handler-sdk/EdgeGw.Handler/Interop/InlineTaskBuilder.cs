using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace EdgeGw.Interop;

/// <summary>
/// Builds the SDK's own async methods. A <see cref="Task"/> that ends under a synchronization context sends every awaiter that did not capture it
/// to the thread pool, and much of .NET awaits with <c>ConfigureAwait(false)</c>. The tasks built here run each awaiter inline, under the
/// context that it captured or under none. For methods that call no code of the author's: the execution context is not carried along.
/// </summary>
[SuppressMessage("Performance", "CA1822", Justification = "The compiler calls a builder's methods on an instance.")]
internal struct InlineTaskBuilder<T>
{
    private Box? _box;
    private T? _result;

    public readonly ValueTask<T> Task => _box is null ? new(_result!) : new(_box, 0);

    internal readonly ValueTask VoidTask => _box is null ? default : new(_box, 0);

    public static InlineTaskBuilder<T> Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine
        => AsyncTaskMethodBuilder.Create().Start(ref stateMachine);

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => throw new NotSupportedException();

    public void SetResult(T result)
    {
        if (_box is null)
            _result = result;
        else
            _box.Complete(result, null);
    }

    public void SetException(Exception exception)
    {
        _box ??= new Box();
        _box.Complete(default!, exception);
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => awaiter.OnCompleted(GetMoveNext(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => awaiter.UnsafeOnCompleted(GetMoveNext(ref stateMachine));

    private Action GetMoveNext<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine
    {
        if (_box is Box<TStateMachine> existing)
            return existing.MoveNext;
        var box = new Box<TStateMachine>();
        _box = box; // before the copy, which must know its box
        box.StateMachine = stateMachine;
        return box.MoveNext;
    }

    private class Box : IValueTaskSource<T>, IValueTaskSource
    {
        private InlineContinuation _continuation;
        private T? _result;
        private Exception? _exception;

        public void Complete(T result, Exception? exception)
        {
            _result = result;
            _exception = exception;
            _continuation.Complete();
        }

        public T GetResult(short token)
        {
            if (_exception is not null)
                ExceptionDispatchInfo.Throw(_exception);
            return _result!;
        }

        void IValueTaskSource.GetResult(short token) => GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => !_continuation.IsDone ? ValueTaskSourceStatus.Pending
            : _exception is null ? ValueTaskSourceStatus.Succeeded
            : _exception is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
            => _continuation.OnCompleted(continuation, state, flags);
    }

    private sealed class Box<TStateMachine> : Box where TStateMachine : IAsyncStateMachine
    {
        public Box() => MoveNext = () => StateMachine!.MoveNext();

        // A field: the state machine may be a struct, which must change in place.
        public TStateMachine? StateMachine;

        public Action MoveNext { get; }
    }
}

/// <summary>The same for methods without a result.</summary>
internal struct InlineTaskBuilder
{
    private InlineTaskBuilder<byte> _builder;

    public readonly ValueTask Task => _builder.VoidTask;

    public static InlineTaskBuilder Create() => default;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine => _builder.Start(ref stateMachine);

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => _builder.SetStateMachine(stateMachine);

    public void SetResult() => _builder.SetResult(0);

    public void SetException(Exception exception) => _builder.SetException(exception);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
        => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
