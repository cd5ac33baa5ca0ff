using EdgeGw.Abi;
using EdgeGw.Calls;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Run;

/// <summary>Calls the handler.</summary>
internal static class Running
{
    /// <summary>The client has closed its connection, or reset its stream.</summary>
    public static readonly Action<object?> OnClientGone = static state =>
    {
        var exchange = (Exchange)state!;
        exchange.Cancel(exchange.Id);
    };

    /// <summary>Gives the exchange to the handler. <see cref="AbiResult.Pending"/>: it will be completed later. Anything else: it is over, and <see cref="Exchange.Outcome"/> says how.</summary>
    public static AbiResult Run(Exchange exchange)
    {
        var route = exchange.Route!;
        var version = route.Version;
        var deadline = route.DeadlineTicks;
        exchange.Memory.Fields.Deadline = deadline == 0 ? 0 : Clock.ToNanoseconds(exchange.Started + deadline);
        exchange.Open(version.Ordinal);
        var id = exchange.Memory.Fields.Exchange;
        BlameMemory.Begin(id, exchange.RequestId.Value);

        var outer = CallSlots.Enter(id);
        var result = HandlerCall.Invoke(version.Library!, route.Index, exchange.Memory);
        CallSlots.Leave(outer);
        if (result == AbiResult.Pending)
        {
            return exchange.TurnPending() ? AbiResult.Ok : AbiResult.Pending;
        }
        if (!exchange.TryFinishInline(id, result))
        {
            exchange.Context.Faults.Report(exchange, $"completed an exchange and then also returned {result} from handle()", result);
        }
        return AbiResult.Ok;
    }
}
