using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>edgegw_stats</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AbiStats
{
    /// <summary>Bytes of this struct as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Garbage collections since the start.</summary>
    public uint Collections;
    /// <summary>Bytes in use in the library's own heap.</summary>
    public ulong HeapBytes;
    /// <summary>Bytes allocated since the start.</summary>
    public ulong AllocatedBytes;
    /// <summary>How long collections have stopped the library since the start.</summary>
    public ulong PauseNanoseconds;
}

/// <summary>Mirror of <c>edgegw_stats_v1</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiStatsV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.stats.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>provide</c></summary>
    public delegate* unmanaged<AbiHost*, delegate* unmanaged<void*, AbiStats*, void>, void*, AbiResult> Provide;
}
