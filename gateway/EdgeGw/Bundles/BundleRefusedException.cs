namespace EdgeGw.Bundles;

/// <summary>A bundle that cannot be used: nothing of it was.</summary>
internal sealed class BundleRefusedException(string title, params IReadOnlyList<string> reasons) : Exception(title)
{
    /// <summary>Every reason, one sentence each, with file, line and column where there are such.</summary>
    internal IReadOnlyList<string> Reasons { get; } = reasons;
}
