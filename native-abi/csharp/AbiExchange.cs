using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of the <c>EDGEGW_REQUEST_*</c> flags.</summary>
[Flags]
public enum AbiRequestFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,
    /// <summary>A body may follow.</summary>
    HasBody = 1,
    /// <summary>The client's side of the connection is TLS.</summary>
    Secure = 2,
}

/// <summary>Mirror of <c>EDGEGW_PROPERTY_*</c>.</summary>
public enum AbiProperty : uint
{
    /// <summary>The authority's host as sent, without port.</summary>
    Host = 1,
    /// <summary>"http" or "https", as the client saw it.</summary>
    Scheme = 2,
    /// <summary>The client's IP address.</summary>
    ClientAddress = 3,
    /// <summary>The request's id.</summary>
    RequestId = 4,
    /// <summary>"HTTP/1.1", "HTTP/2" ...</summary>
    Protocol = 5,
    /// <summary>The request target as sent.</summary>
    Target = 6,
    /// <summary>The pattern of the route that matched.</summary>
    Route = 7,
}

/// <summary>Mirror of <c>edgegw_request</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiRequest
{
    /// <summary>Bytes of this struct as the gateway knows it.</summary>
    public uint Size;
    /// <summary>What is known at a glance.</summary>
    public AbiRequestFlags Flags;
    /// <summary>First argument of every function of <see cref="AbiExchangeV1"/>.</summary>
    public ulong Exchange;
    /// <summary>The method as sent.</summary>
    public AbiText Method;
    /// <summary>Percent-decoded once, dot segments removed.</summary>
    public AbiText Path;
    /// <summary>As sent, without the '?'.</summary>
    public AbiText Query;
    /// <summary>The path parameters in the pattern's order.</summary>
    public AbiText* Parameters;
    /// <summary>How many parameters.</summary>
    public nuint ParameterCount;
    /// <summary>Bytes of the body, or -1.</summary>
    public long ContentLength;
    /// <summary>Monotonic nanoseconds, 0 for never.</summary>
    public long Deadline;
    /// <summary>Non-zero when nobody waits for the answer any more.</summary>
    public uint* Cancelled;
}

/// <summary>Mirror of <c>edgegw_exchange_v1</c>; <c>edgegw/exchange.h</c> says what each function does.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiExchangeV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.exchange.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>property</c></summary>
    public delegate* unmanaged<ulong, AbiProperty, AbiText*, AbiResult> Property;
    /// <summary><c>header</c></summary>
    public delegate* unmanaged<ulong, AbiText, AbiText*, AbiResult> Header;
    /// <summary><c>next_header</c></summary>
    public delegate* unmanaged<ulong, uint*, AbiText*, AbiText*, AbiResult> NextHeader;
    /// <summary><c>body_read</c></summary>
    public delegate* unmanaged<ulong, AbiText*, delegate* unmanaged<void*, AbiResult, void>, void*, AbiResult> BodyRead;
    /// <summary><c>body_read_all</c></summary>
    public delegate* unmanaged<ulong, nuint, AbiText*, delegate* unmanaged<void*, AbiResult, void>, void*, AbiResult> BodyReadAll;
    /// <summary><c>response_status</c></summary>
    public delegate* unmanaged<ulong, uint, AbiResult> ResponseStatus;
    /// <summary><c>response_header</c></summary>
    public delegate* unmanaged<ulong, AbiText, AbiText, AbiResult> ResponseHeader;
    /// <summary><c>response_content_length</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiResult> ResponseContentLength;
    /// <summary><c>response_span</c></summary>
    public delegate* unmanaged<ulong, nuint, AbiSpan*, AbiResult> ResponseSpan;
    /// <summary><c>response_advance</c></summary>
    public delegate* unmanaged<ulong, nuint, AbiResult> ResponseAdvance;
    /// <summary><c>response_write</c></summary>
    public delegate* unmanaged<ulong, AbiText, AbiResult> ResponseWrite;
    /// <summary><c>response_flush</c></summary>
    public delegate* unmanaged<ulong, delegate* unmanaged<void*, AbiResult, void>, void*, AbiResult> ResponseFlush;
    /// <summary><c>complete</c></summary>
    public delegate* unmanaged<ulong, AbiResult, AbiResult> Complete;
    /// <summary><c>set_error</c></summary>
    public delegate* unmanaged<ulong, AbiText, AbiResult> SetError;
    /// <summary><c>on_cancelled</c></summary>
    public delegate* unmanaged<ulong, delegate* unmanaged<void*, void>, void*, AbiResult> OnCancelled;
}
