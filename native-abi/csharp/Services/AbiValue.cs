using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

#pragma warning disable CA1720 // the names are those of the C header

/// <summary>Mirror of <c>EDGEGW_VALUE_*</c>: what a value is.</summary>
public enum AbiValueKind : uint
{
    /// <summary>SQL NULL, or absent.</summary>
    Null = 0,
    /// <summary>0 or 1 in <c>Integer</c>.</summary>
    Bool = 1,
    /// <summary><c>Integer</c>.</summary>
    Int64 = 2,
    /// <summary><c>Real</c>.</summary>
    Double = 3,
    /// <summary>UTF-8.</summary>
    Text = 4,
    /// <summary>Bytes.</summary>
    Blob = 5,
    /// <summary>An exact decimal of any size as text.</summary>
    Numeric = 6,
    /// <summary>16 bytes in the order of the text form.</summary>
    Uuid = 7,
    /// <summary>Microseconds since the Unix epoch, UTC.</summary>
    Timestamp = 8,
    /// <summary>The same without a time zone.</summary>
    LocalTimestamp = 9,
    /// <summary>Days since 1970-01-01.</summary>
    Date = 10,
    /// <summary>Microseconds since midnight.</summary>
    Time = 11,
    /// <summary>An ISO 8601 duration.</summary>
    Interval = 12,
    /// <summary>JSON text.</summary>
    Json = 13,
    /// <summary>Values.</summary>
    Array = 14,
    /// <summary>Another type of the backend's, in its own text form.</summary>
    Other = 15,
}

/// <summary>Mirror of <c>edgegw_value_as</c>: what a value holds, by its kind.</summary>
[StructLayout(LayoutKind.Explicit)]
public unsafe struct AbiValueAs
{
    /// <summary>Whole numbers, and what is counted in them.</summary>
    [FieldOffset(0)]
    public long Integer;
    /// <summary>A double.</summary>
    [FieldOffset(0)]
    public double Real;
    /// <summary>Bytes.</summary>
    [FieldOffset(0)]
    public byte* Data;
    /// <summary>The values of an array.</summary>
    [FieldOffset(0)]
    public AbiValue* Items;
}

/// <summary>Mirror of <c>edgegw_value</c>: one value, 16 bytes, read in place.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiValue
{
    /// <summary>What it is.</summary>
    public AbiValueKind Kind;
    /// <summary>Bytes at <c>Data</c>, or values at <c>Items</c>.</summary>
    public uint Length;
    /// <summary>What it holds.</summary>
    public AbiValueAs As;

    /// <summary>The bytes, for as long as they live.</summary>
    public readonly ReadOnlySpan<byte> AsSpan() => new(As.Data, checked((int)Length));
}
