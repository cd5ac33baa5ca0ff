using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>EDGEGW_CACHE_*</c>: when to write.</summary>
public enum AbiCacheCondition : uint
{
    /// <summary>Whatever is there.</summary>
    Always = 0,
    /// <summary>Only a key that is not there.</summary>
    IfAbsent = 1,
    /// <summary>Only a key that is there.</summary>
    IfPresent = 2,
}

/// <summary>Mirror of <c>edgegw_cache_key</c>: a key in a list of keys.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AbiCacheKey
{
    /// <summary>The key.</summary>
    public AbiText Key;
}

/// <summary>Mirror of <c>edgegw_cache_entry</c>: a key and its value.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AbiCacheEntry
{
    /// <summary>The key.</summary>
    public AbiText Key;
    /// <summary>The value.</summary>
    public AbiText Value;
}

/// <summary>Mirror of <c>edgegw_cache_v1</c>: bytes by key, for a while.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiCacheV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.cache.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>get</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Get;
    /// <summary><c>get_many</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiCacheKey*, nuint, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> GetMany;
    /// <summary><c>set</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, AbiText, ulong, AbiCacheCondition, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Set;
    /// <summary><c>set_many</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiCacheEntry*, nuint, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> SetMany;
    /// <summary><c>remove</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiCacheKey*, nuint, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Remove;
    /// <summary><c>exists</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Exists;
    /// <summary><c>add</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, long, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Add;
    /// <summary><c>expire</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Expire;
    /// <summary><c>publish</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Publish;
    /// <summary><c>get_or_lead</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> GetOrLead;
    /// <summary><c>settle</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiResult, AbiText, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Settle;
}
