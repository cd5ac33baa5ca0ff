using EdgeGw.Interop;

namespace EdgeGw.Bench;

/// <summary>A handler's question for a header, through the table that it has.</summary>
internal static unsafe class HeaderLookup
{
    /// <summary>The length of the value.</summary>
    public static int Ask(ulong exchange, ReadOnlySpan<byte> name)
    {
        AbiText value;
        fixed (byte* start = name)
        {
            var result = ((AbiExchangeV1*)ExchangeTable.Pointer)->Header(exchange, new AbiText(start, name.Length), &value);
            return result == AbiResult.Ok ? (int)value.Length : -1;
        }
    }
}
