using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>edgegw_reply</c>: what a service call came to. Valid until the callback returns.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiReply
{
    /// <summary>Bytes of this struct as the gateway knows it.</summary>
    public uint Size;
    /// <summary>What it came to.</summary>
    public AbiResult Result;
    /// <summary>One sentence for a person when the result is negative.</summary>
    public AbiText Error;
    /// <summary>The backend's own code.</summary>
    public AbiText Code;
    /// <summary>What the function's comment says.</summary>
    public AbiValue* Values;
    /// <summary>Values in all.</summary>
    public nuint ValueCount;
    /// <summary>Rows among the values.</summary>
    public ulong RowCount;
    /// <summary>Rows or keys changed.</summary>
    public ulong Affected;
    /// <summary>What the call opened, or 0.</summary>
    public ulong Open;
    /// <summary>Names of the columns.</summary>
    public AbiText* Names;
    /// <summary>How many.</summary>
    public nuint NameCount;
}

/// <summary>Mirror of <c>edgegw_service_v1</c>: finding services.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiServiceV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.service.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>find</c></summary>
    public delegate* unmanaged<AbiHost*, AbiText, AbiText, ulong*, AbiResult> Find;
}
