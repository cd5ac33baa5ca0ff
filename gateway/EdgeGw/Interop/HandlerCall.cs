using EdgeGw.Abi;
using EdgeGw.Blame;

namespace EdgeGw.Interop;

/// <summary>The call into a library.</summary>
internal static unsafe class HandlerCall
{
    /// <summary>handle().</summary>
    public static AbiResult Invoke(LoadedLibrary library, uint route, ExchangeMemory memory)
    {
        var call = BlamedCall.Enter(CallPhase.Handle, memory.Fields.Exchange);
        var result = library.Handle(route, memory.Request);
        call.Leave();
        return result;
    }
}
