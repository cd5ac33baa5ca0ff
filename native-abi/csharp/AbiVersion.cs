namespace EdgeGw.Abi;

/// <summary>The version of the contract these mirrors were written against (<c>EDGEGW_ABI_MAJOR</c> and <c>EDGEGW_ABI_MINOR</c> of <c>edgegw/types.h</c>).</summary>
public static class AbiVersion
{
    /// <summary>Breaks when it changes.</summary>
    public const ushort Major = 1;

    /// <summary>Only adds when it changes.</summary>
    public const ushort Minor = 1;

    /// <summary>The exported symbol that every handler library has.</summary>
    public const string EntrySymbol = "edgegw_handler_entry";
}
