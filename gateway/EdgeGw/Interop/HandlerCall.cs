using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The call into a library.</summary>
internal static unsafe class HandlerCall
{
    /// <summary>handle().</summary>
    public static AbiResult Invoke(LoadedLibrary library, uint route, ExchangeMemory memory) => library.Handle(route, memory.Request);
}
