using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Tests;

/// <summary>A handler's <c>edgegw_ready</c> that enters its exchange, as any call of one would, and keeps what came of it.</summary>
internal sealed unsafe class ReadyCaller
{
    private readonly Exchange _exchange;
    private readonly ulong _id;
    private readonly GCHandle _handle;
    private readonly TaskCompletionSource<AbiResult> _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ReadyCaller(Exchange exchange, ulong id)
    {
        (_exchange, _id) = (exchange, id);
        _handle = GCHandle.Alloc(this);
    }

    public ReadyCallback Callback => new(&OnReady, (void*)GCHandle.ToIntPtr(_handle));

    public Task<AbiResult> Entered => _entered.Task;

    [UnmanagedCallersOnly]
    private static void OnReady(void* state, AbiResult result)
    {
        var caller = (ReadyCaller)GCHandle.FromIntPtr((nint)state).Target!;
        var entered = caller._exchange.TryEnter(caller._id);
        if (entered == AbiResult.Ok)
        {
            caller._exchange.Exit(caller._id);
        }
        caller._entered.TrySetResult(entered);
    }
}
