namespace EdgeGw.Pipeline;

/// <summary>What <c>edgegw_exchange</c> is made of: 20 bits of slot, 16 of version, 26 of generation; the two bits above belong to the guard. The version in it says whom to blame for a
/// stale one.</summary>
internal static class ExchangeId
{
    /// <summary>The most exchanges at once in one worker.</summary>
    public const int MaxSlots = 1 << 20;

    /// <summary>The largest generation; then it begins anew.</summary>
    public const uint MaxGeneration = (1u << 26) - 1;

    /// <summary>Puts an id together.</summary>
    public static ulong Compose(int slot, ushort version, uint generation) => (ulong)(uint)slot | ((ulong)version << 20) | ((ulong)generation << 36);

    /// <summary>Whether an id names a version and no exchange: generations begin with 1.</summary>
    public static bool IsForNobody(ulong id) => id >> 36 == 0;

    /// <summary>The slot of an id.</summary>
    public static int Slot(ulong id) => (int)(id & (MaxSlots - 1));

    /// <summary>The version of an id.</summary>
    public static ushort Version(ulong id) => (ushort)(id >> 20);
}
