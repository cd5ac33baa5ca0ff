using EdgeGw.Abi;
using EdgeGw.Blame;

namespace EdgeGw.Interop;

/// <summary>How a library's own memory figures are read, with its state, and whose it is.</summary>
internal readonly unsafe struct StatsCallback(delegate* unmanaged<void*, AbiStats*, void> read, void* state, ushort version)
{
    private readonly delegate* unmanaged<void*, AbiStats*, void> _read = read;
    private readonly void* _state = state;

    /// <summary>Asks the library.</summary>
    public AbiStats Invoke()
    {
        var stats = new AbiStats { Size = (uint)sizeof(AbiStats) };
        var call = BlamedCall.Enter(CallPhase.Stats, version, exchange: 0);
        _read(_state, &stats);
        call.Leave();
        return stats;
    }
}
