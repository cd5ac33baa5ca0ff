using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Awaits one <c>ready</c> callback of the gateway. Reusable, one wait at a time.</summary>
internal sealed unsafe class PendingOperation(Exchange exchange) : IValueTaskSource<AbiResult>
{
    private InlineContinuation _continuation;
    private AbiResult _result;
    private short _version;
    private GCHandle _handle;

    /// <summary>The <c>ready</c> function to give to the gateway, together with <see cref="State"/>.</summary>
    public static delegate* unmanaged<void*, AbiResult, void> Ready => &OnReady;

    /// <summary>True when the gateway has been given this operation's address during this request.</summary>
    public bool IsKnownToGateway => _handle.IsAllocated;

    /// <summary>The state to give to the gateway; keeps this object alive until <see cref="Release"/>.</summary>
    public void* State
    {
        get
        {
            if (!_handle.IsAllocated)
                _handle = GCHandle.Alloc(this);
            return (void*)GCHandle.ToIntPtr(_handle);
        }
    }

    /// <summary>Begins a wait. Before the gateway is called, since it may be ready before that call returns.</summary>
    public void Begin()
    {
        _version++;
        _continuation = default;
    }

    /// <summary>The wait that <see cref="Begin"/> began.</summary>
    public ValueTask<AbiResult> Wait() => new(this, _version);

    /// <summary>The exchange is over: the gateway will not call any more, and whoever still waits is forgotten.</summary>
    public void Release()
    {
        if (!_handle.IsAllocated)
            return;
        Begin();
        _handle.Free();
    }

    public AbiResult GetResult(short token)
    {
        Check(token);
        return _result;
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        return _continuation.IsDone ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        _continuation.OnCompleted(continuation, state, flags);
    }

    private void Check(short token)
    {
        if (token != _version)
            throw new InvalidOperationException("This operation is over: the request has ended, or another operation has begun.");
    }

    [UnmanagedCallersOnly]
    private static void OnReady(void* state, AbiResult result)
    {
        var operation = (PendingOperation)GCHandle.FromIntPtr((nint)state).Target!;
        var synchronization = operation.Synchronization; // the operation may serve another request when the continuation returns
        try
        {
            operation._result = result;
            operation._continuation.Complete();
        }
        catch (Exception e)
        {
            synchronization.Report("A continuation failed.", e);
        }
    }

    private GatewaySynchronizationContext Synchronization => exchange.Library.Synchronization;
}
