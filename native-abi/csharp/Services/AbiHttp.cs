using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>edgegw_http_header</c>: a header line.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct AbiHttpHeader
{
    /// <summary>The name.</summary>
    public AbiText Name;
    /// <summary>The value.</summary>
    public AbiText Value;
}

/// <summary>Mirror of <c>edgegw_http_request</c>: a request to another server.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiHttpRequest
{
    /// <summary>Bytes of this struct as the caller knows it.</summary>
    public uint Size;
    /// <summary>How many headers.</summary>
    public uint HeaderCount;
    /// <summary>The method.</summary>
    public AbiText Method;
    /// <summary>Absolute, http or https.</summary>
    public AbiText Url;
    /// <summary>The headers.</summary>
    public AbiHttpHeader* Headers;
    /// <summary>The whole body, when <see cref="BodyLength"/> is -2.</summary>
    public AbiText Body;
    /// <summary>-2: <see cref="Body"/>; -1: by write, of unknown length; else so many bytes by write.</summary>
    public long BodyLength;
    /// <summary>Milliseconds for the response's head; 0 for the service's own.</summary>
    public uint Timeout;
    /// <summary>0: a redirect is an answer like any other.</summary>
    public uint MaxRedirects;
}

/// <summary>Mirror of <c>edgegw_http_v1</c>: requests to other servers.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiHttpV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.http.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>send</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiHttpRequest*, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Send;
    /// <summary><c>write</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiText, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Write;
    /// <summary><c>finish</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Finish;
    /// <summary><c>read</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Read;
    /// <summary><c>close</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Close;
}
