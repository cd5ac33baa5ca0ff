using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>edgegw_text</c>: bytes to read. The lifetime is that of the place it came from.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiText
{
    /// <summary>First byte; may be null only when <see cref="Length"/> is 0.</summary>
    public byte* Data;

    /// <summary>Bytes.</summary>
    public nuint Length;

    /// <summary>Points at <paramref name="length"/> bytes from <paramref name="data"/>.</summary>
    public AbiText(byte* data, int length)
    {
        Data = data;
        Length = (nuint)length;
    }

    /// <summary>The bytes, for as long as they live.</summary>
    public readonly ReadOnlySpan<byte> AsSpan() => new(Data, checked((int)Length));
}

/// <summary>Mirror of <c>edgegw_span</c>: room to write into.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiSpan
{
    /// <summary>First byte.</summary>
    public byte* Data;

    /// <summary>Bytes.</summary>
    public nuint Length;

    /// <summary>The room, for as long as it lives.</summary>
    public readonly Span<byte> AsSpan() => new(Data, checked((int)Length));
}
