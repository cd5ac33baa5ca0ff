using EdgeGw.Abi;

namespace EdgeGw.Pipeline;

/// <summary>Lets one thread at a time into an exchange, and only with the exchange's current id, in one atomic word: the id when free, the id with a busy bit when taken, 0 when closed.
/// Entering costs one interlocked operation, leaving a plain store.</summary>
internal struct ExchangeGuard
{
    private const ulong HandlerInside = 1ul << 63;
    private const ulong GatewayInside = 1ul << 62;

    private ulong _word;

    /// <summary>The id that opens it, 0 when closed.</summary>
    public readonly ulong Id => Volatile.Read(in _word) & ~(HandlerInside | GatewayInside);

    /// <summary>Opens it for an id.</summary>
    public void Open(ulong id) => Volatile.Write(ref _word, id);

    /// <summary>Enters for a call of the handler's.</summary>
    public AbiResult TryEnter(ulong id)
    {
        var spin = default(SpinWait);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _word, id | HandlerInside, id);
            if (seen == id)
            {
                return AbiResult.Ok;
            }
            if (seen != (id | GatewayInside))
            {
                return seen == (id | HandlerInside) ? AbiResult.Busy : AbiResult.InvalidState;
            }
            spin.SpinOnce(); // the gateway is answering in the handler's place: short, and the handler must not see it as its own fault
        }
    }

    /// <summary>Whether a call of the handler's is inside.</summary>
    public readonly bool IsEntered(ulong id) => Volatile.Read(in _word) == (id | HandlerInside);

    /// <summary>Enters for the gateway; false when the exchange is another by now, or a call is under way.</summary>
    public bool TryEnterAsGateway(ulong id) => Interlocked.CompareExchange(ref _word, id | GatewayInside, id) == id;

    /// <summary>Leaves after a successful entry.</summary>
    public void Exit(ulong id) => Volatile.Write(ref _word, id);

    /// <summary>Closes from inside: the id is stale from now on.</summary>
    public void CloseFromInside() => Volatile.Write(ref _word, 0);

    /// <summary>Closes from outside, waiting for a call under way (calls never block). False when complete() has closed it before.</summary>
    public bool TryClose(ulong id)
    {
        var spin = default(SpinWait);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _word, 0, id);
            if (seen == id)
            {
                return true;
            }
            if (seen == 0)
            {
                return false;
            }
            spin.SpinOnce();
        }
    }
}
