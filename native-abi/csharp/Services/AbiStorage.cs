using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>EDGEGW_PRESIGN_*</c>: what a URL allows.</summary>
public enum AbiPresign : uint
{
    /// <summary>Reading.</summary>
    Get = 1,
    /// <summary>Writing.</summary>
    Put = 2,
}

/// <summary>Mirror of <c>EDGEGW_OBJECT_*</c>: where the facts about an object are.</summary>
public enum AbiObject : uint
{
    /// <summary>TEXT.</summary>
    Key = 0,
    /// <summary>INT64.</summary>
    Size = 1,
    /// <summary>TIMESTAMP.</summary>
    Modified = 2,
    /// <summary>TEXT.</summary>
    Etag = 3,
    /// <summary>TEXT.</summary>
    ContentType = 4,
    /// <summary>How many facts there are.</summary>
    Facts = 5,
}

/// <summary>Mirror of <c>edgegw_metadata</c>: a name and a text that an object carries.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AbiMetadata
{
    /// <summary>The name.</summary>
    public AbiText Name;
    /// <summary>The text.</summary>
    public AbiText Value;
}

/// <summary>Mirror of <c>edgegw_storage_v1</c>: objects by key, of any size.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiStorageV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.storage.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>put</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, AbiText, AbiText, AbiMetadata*, nuint, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Put;
    /// <summary><c>open_write</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, long, AbiText, AbiMetadata*, nuint, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> OpenWrite;
    /// <summary><c>write</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Write;
    /// <summary><c>finish</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Finish;
    /// <summary><c>get</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Get;
    /// <summary><c>open_read</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> OpenRead;
    /// <summary><c>read</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Read;
    /// <summary><c>close</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Close;
    /// <summary><c>stat</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Stat;
    /// <summary><c>list</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, AbiText, AbiText, uint, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> List;
    /// <summary><c>remove</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Remove;
    /// <summary><c>copy</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Copy;
    /// <summary><c>presign</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiPresign, AbiText, uint, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Presign;
}
