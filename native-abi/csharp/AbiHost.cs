using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>edgegw_host</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiHost
{
    /// <summary>Bytes of this struct as the gateway knows it.</summary>
    public uint Size;
    /// <summary>The gateway's ABI major.</summary>
    public ushort AbiMajor;
    /// <summary>The gateway's ABI minor.</summary>
    public ushort AbiMinor;
    /// <summary>The gateway's own.</summary>
    public void* Context;
    /// <summary>A table of functions by id, or null.</summary>
    public delegate* unmanaged<AbiHost*, AbiText, void*> GetTable;
    /// <summary>Says why entry, init or self_test is about to fail.</summary>
    public delegate* unmanaged<AbiHost*, AbiText, void> SetError;
}

/// <summary>Mirror of <c>edgegw_handler</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiHandler
{
    /// <summary>Bytes of this struct as the library was compiled.</summary>
    public uint Size;
    /// <summary>The ABI major the library needs.</summary>
    public ushort AbiMajor;
    /// <summary>The ABI minor the library needs.</summary>
    public ushort AbiMinor;
    /// <summary>UTF-8 JSON.</summary>
    public AbiText Manifest;
    /// <summary>Called once before any request. Optional.</summary>
    public delegate* unmanaged<AbiHost*, void**, AbiResult> Init;
    /// <summary>Answers one request. Required.</summary>
    public delegate* unmanaged<void*, uint, AbiRequest*, AbiResult> Handle;
    /// <summary>No new request will come. Optional.</summary>
    public delegate* unmanaged<void*, void> Drain;
    /// <summary>A quick check before a deploy. Optional.</summary>
    public delegate* unmanaged<void*, AbiResult> SelfTest;
}
