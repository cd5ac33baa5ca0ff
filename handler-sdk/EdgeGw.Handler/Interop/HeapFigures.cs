using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Tells the gateway what this library's own garbage collector does, where the gateway asks for it.</summary>
internal static unsafe class HeapFigures
{
    /// <summary>Offers the figures; a gateway that has no such table goes without.</summary>
    public static void Provide(AbiHost* host)
    {
        var id = Encoding.UTF8.GetBytes(AbiStatsV1.Id);
        fixed (byte* data = id)
        {
            var table = (AbiStatsV1*)host->GetTable(host, new AbiText(data, id.Length));
            if (table is not null && table->Size >= sizeof(AbiStatsV1))
                _ = table->Provide(host, &Read, null); // only figures are missing when it refuses
        }
    }

    // Nothing here allocates, so nothing throws.
    [UnmanagedCallersOnly]
    private static void Read(void* state, AbiStats* stats)
    {
        if (stats is null || stats->Size < sizeof(AbiStats))
            return;
        // Collections of a generation are counted among those of the younger ones too.
        stats->Collections = (uint)GC.CollectionCount(0);
        stats->HeapBytes = (ulong)GC.GetTotalMemory(forceFullCollection: false);
        stats->AllocatedBytes = (ulong)GC.GetTotalAllocatedBytes(precise: false);
        stats->PauseNanoseconds = (ulong)GC.GetTotalPauseDuration().Ticks * 100;
    }
}
