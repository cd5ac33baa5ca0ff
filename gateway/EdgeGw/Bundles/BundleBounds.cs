namespace EdgeGw.Bundles;

/// <summary>How large a bundle may be.</summary>
/// <param name="MaxBytes">Bytes of the archive.</param>
/// <param name="MaxUnpackedBytes">Bytes of its files together.</param>
/// <param name="MaxFiles">Files and folders in it.</param>
internal sealed record BundleBounds(long MaxBytes, long MaxUnpackedBytes, int MaxFiles)
{
    /// <summary>What <c>edgegw apply</c> reads; the gateway's own bounds are its settings.</summary>
    internal static BundleBounds Local { get; } = new(4L << 30, 16L << 30, 100_000);
}
