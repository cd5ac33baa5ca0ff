using EdgeGw.Abi;

namespace EdgeGw.Services;

/// <summary>One typed value that a handler gave as a parameter, out of the handler's memory already. What <see cref="Bytes"/> points to lives as long as the call.</summary>
/// <param name="Kind">What it is; how the members hold it is said at <c>EDGEGW_VALUE_*</c> in <c>services/value.h</c>.</param>
/// <param name="Integer">Whole numbers, and what is counted in them.</param>
/// <param name="Bytes">Text and bytes.</param>
/// <param name="Items">The values of an array.</param>
internal readonly record struct ServiceValue(AbiValueKind Kind, long Integer, ReadOnlyMemory<byte> Bytes, ServiceValue[]? Items)
{
    /// <summary>A double.</summary>
    public double Real => BitConverter.Int64BitsToDouble(Integer);
}
