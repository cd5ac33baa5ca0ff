using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>One call of a service under way, as the gateway knows it: by an address that is good until this object is thrown away.</summary>
internal abstract unsafe class ServiceCall
{
    private GCHandle _handle;

    protected ServiceCall() => _handle = GCHandle.Alloc(this);

    /// <summary>The list of the exchange that this call is in, and its neighbours there; theirs to change.</summary>
    public ServiceCalls? List { get; set; }

    public ServiceCall? Next { get; set; }

    public ServiceCall? Previous { get; set; }

    /// <summary>The request on whose behalf the call is made.</summary>
    public Exchange Exchange { get; protected set; } = null!;

    public Service Service { get; protected set; } = null!;

    /// <summary>What the reader of the reply needs to know.</summary>
    public object? Argument { get; set; }

    /// <summary>Where the reader of the reply is to put bytes.</summary>
    public Memory<byte> Destination { get; set; }

    /// <summary>The function to give to the gateway, together with <see cref="State"/>.</summary>
    public static delegate* unmanaged<void*, AbiReply*, void> Replied => &OnReplied;

    public void* State => (void*)GCHandle.ToIntPtr(_handle);

    /// <summary>The exchange is over: there will be no reply, and whoever still waits is forgotten.</summary>
    public abstract void End();

    protected abstract void Accept(AbiReply* reply);

    /// <summary>This object will not be used again.</summary>
    protected void Discard() => _handle.Free();

    [SuppressMessage("Design", "CA1031", Justification = "Nothing may cross the ABI.")]
    [UnmanagedCallersOnly]
    private static void OnReplied(void* state, AbiReply* reply)
    {
        var call = (ServiceCall)GCHandle.FromIntPtr((nint)state).Target!;
        var synchronization = call.Exchange.Library.Synchronization; // the call may serve another request when the continuation returns
        try
        {
            call.Accept(reply);
        }
        catch (Exception e)
        {
            synchronization.Report("A continuation failed.", e);
        }
    }
}
