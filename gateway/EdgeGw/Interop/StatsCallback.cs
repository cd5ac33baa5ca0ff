using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>How a library's own memory figures are read, with its state.</summary>
internal readonly unsafe struct StatsCallback(delegate* unmanaged<void*, AbiStats*, void> read, void* state)
{
    private readonly delegate* unmanaged<void*, AbiStats*, void> _read = read;
    private readonly void* _state = state;

    /// <summary>Asks the library.</summary>
    public AbiStats Invoke()
    {
        var stats = new AbiStats { Size = (uint)sizeof(AbiStats) };
        _read(_state, &stats);
        return stats;
    }
}
