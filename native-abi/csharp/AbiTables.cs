using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>EDGEGW_LOG_*</c>: the levels of Microsoft.Extensions.Logging.</summary>
public enum AbiLogLevel : uint
{
    /// <summary>The finest.</summary>
    Trace = 0,
    /// <summary>For whoever writes the handler.</summary>
    Debug = 1,
    /// <summary>Normal course.</summary>
    Info = 2,
    /// <summary>Worth a look.</summary>
    Warning = 3,
    /// <summary>A request or a task failed.</summary>
    Error = 4,
    /// <summary>The handler cannot go on.</summary>
    Critical = 5,
}

/// <summary>Mirror of <c>edgegw_log_v1</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiLogV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.log.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>is_enabled</c></summary>
    public delegate* unmanaged<AbiHost*, AbiLogLevel, uint> IsEnabled;
    /// <summary><c>write</c></summary>
    public delegate* unmanaged<AbiHost*, AbiLogLevel, ulong, AbiText, AbiResult> Write;
}

/// <summary>Mirror of <c>edgegw_schedule_v1</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiScheduleV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.schedule.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>post</c></summary>
    public delegate* unmanaged<AbiHost*, delegate* unmanaged<void*, void>, void*, AbiResult> Post;
    /// <summary><c>post_after</c></summary>
    public delegate* unmanaged<AbiHost*, uint, delegate* unmanaged<void*, void>, void*, AbiResult> PostAfter;
}

/// <summary>Mirror of <c>edgegw_config_v1</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiConfigV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.config.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>get</c></summary>
    public delegate* unmanaged<AbiHost*, AbiText, AbiText*, AbiResult> Get;
}
