using System.Runtime.CompilerServices;
using EdgeGw.Blame;

namespace EdgeGw.Interop;

/// <summary>A call into a library, from before it to after it, in this thread's slot: whom to blame when the process dies meanwhile. Calls may nest; leaving puts back what was there.</summary>
internal readonly unsafe ref struct BlamedCall
{
    [ThreadStatic]
    private static BlameSlot* t_slot;

    private readonly BlameSlot* _slot;
    private readonly ulong _outerExchange;
    private readonly uint _outerCall;
    private readonly uint _call;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BlamedCall(BlameSlot* slot, uint call, ulong exchange)
    {
        _slot = slot;
        _call = call;
        _outerExchange = slot->Exchange;
        _outerCall = slot->Call;
        slot->Exchange = exchange;
        slot->Call = call;
    }

    /// <summary>Begins a call on behalf of an exchange, whose id says which version's it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlamedCall Enter(CallPhase phase, ulong exchange) => Enter(phase, Pipeline.ExchangeId.Version(exchange), exchange);

    /// <summary>Begins a call of a version.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlamedCall Enter(CallPhase phase, ushort version, ulong exchange)
    {
        var slot = t_slot;
        if (slot is null)
        {
            t_slot = slot = BlameMemory.Claim();
        }
        return new BlamedCall(slot, BlameSlot.Compose(version, phase), exchange);
    }

    /// <summary>The call has returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave()
    {
        _slot->LastCall = _call;
        _slot->Exchange = _outerExchange;
        _slot->Call = _outerCall;
        if (FatalSignals.IsForked)
        {
            // Not this process was called: a library forked, and its child came back into the gateway.
            _ = ProcessEnd.Now(0);
        }
    }
}
