using EdgeGw.Abi;

namespace EdgeGw.Services.Cache;

/// <summary>Refusals that are the same for every cache.</summary>
internal static class CacheFaults
{
    /// <summary>Something was to be added to a value that is no number.</summary>
    public static ServiceFault NotANumber { get; } = new(AbiResult.Refused, "The value under this key is not a whole number of 64 bits, so nothing can be added to it.");

    /// <summary>A sum has no room.</summary>
    public static ServiceFault Overflow { get; } = new(AbiResult.Refused, "The sum does not fit into 64 bits.");

    /// <summary>A value is larger than the cache's bound.</summary>
    public static ServiceFault TooLarge(long bytes, long most) =>
        new(AbiResult.TooLarge, $"A value of {bytes} bytes is larger than this cache takes ({most} bytes, setting maxEntryBytes).");
}
