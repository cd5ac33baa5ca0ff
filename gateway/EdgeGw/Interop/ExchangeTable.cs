using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Blame;
using EdgeGw.Pipeline;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw_exchange_v1</c>: each finds the exchange, enters it, lets managed code do the work on spans, and leaves. No exception crosses.</summary>
internal static unsafe partial class ExchangeTable
{
    private static readonly AbiExchangeV1* s_table = Create();

    /// <summary>The table; lives as long as the process.</summary>
    public static void* Pointer => s_table;

    /// <summary>Where ids are looked up. Set once, before any library is loaded.</summary>
    public static PipelineContext? Context { get; set; }

    private static AbiExchangeV1* Create()
    {
        var table = (AbiExchangeV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiExchangeV1));
        table->Size = (uint)sizeof(AbiExchangeV1);
        table->Property = &Property;
        table->Header = &Header;
        table->NextHeader = &NextHeader;
        table->BodyRead = &BodyRead;
        table->BodyReadAll = &BodyReadAll;
        table->ResponseStatus = &ResponseStatus;
        table->ResponseHeader = &ResponseHeader;
        table->ResponseContentLength = &ResponseContentLength;
        table->ResponseSpan = &ResponseSpan;
        table->ResponseAdvance = &ResponseAdvance;
        table->ResponseWrite = &ResponseWrite;
        table->ResponseFlush = &ResponseFlush;
        table->Complete = &Complete;
        table->SetError = &SetError;
        table->OnCancelled = &OnCancelled;
        return table;
    }

    private static AbiResult Enter(ulong id, string function, out Exchange exchange)
    {
        var context = Context;
        if (context is null || !context.Exchanges.TryGet(id, out exchange!))
        {
            exchange = null!;
            return context is null ? AbiResult.InvalidState : context.Faults.ReportStale(id, function, AbiResult.InvalidState);
        }
        var result = exchange.TryEnter(id);
        return result == AbiResult.Ok ? result : context.Faults.ReportStale(id, function, result);
    }

    // NULL with a length, or more than a span can hold.
    private static bool IsInvalid(AbiText text) => (text.Data is null && text.Length > 0) || text.Length > int.MaxValue;

    // A fault of the gateway's own must not kill the process on its way through the library.
    private static AbiResult Failed(Exchange exchange, Exception e)
    {
        if (e is OutOfMemoryException)
        {
            return AbiResult.OutOfMemory;
        }
        exchange.Context.Log.Write(Logging.Level.Error, "worker", $"A call of a handler's failed inside the gateway: {e}");
        return AbiResult.Internal;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Complete(ulong id, AbiResult outcome)
    {
        var entered = Enter(id, "complete", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        exchange.Complete(outcome == AbiResult.Pending || outcome == AbiResult.End ? AbiResult.Ok : outcome);
        return AbiResult.Ok;
    }

    [UnmanagedCallersOnly]
    private static AbiResult SetError(ulong id, AbiText message)
    {
        if (IsInvalid(message))
        {
            return AbiResult.InvalidArgument;
        }
        var entered = Enter(id, "set_error", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        try
        {
            exchange.Error = NativeText.Read(message, 16 * 1024);
            return AbiResult.Ok;
        }
        catch (Exception e)
        {
            return Failed(exchange, e);
        }
        finally
        {
            exchange.Exit(id);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult OnCancelled(ulong id, delegate* unmanaged<void*, void> callback, void* state)
    {
        var entered = Enter(id, "on_cancelled", out var exchange);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var work = new WorkCallback(callback, state, CallPhase.Cancelled, ExchangeId.Version(id), id);
        var kept = exchange.Cancellation.TryRegister(work);
        exchange.Exit(id);
        if (kept)
        {
            return AbiResult.Ok;
        }
        // It has happened already: called here, outside the guard, since the callback may call the exchange's functions.
        if (work.IsSet && exchange.Callbacks.TryEnter(id, out var outer))
        {
            work.Invoke();
            exchange.Callbacks.Exit(outer);
        }
        return AbiResult.Cancelled;
    }
}
