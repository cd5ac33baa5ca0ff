namespace EdgeGw.Documents;

/// <summary>How large a document may be. Whoever writes one may be anybody.</summary>
/// <param name="MaxBytes">Bytes of its text.</param>
/// <param name="MaxNodes">Values, lists and mappings; what an alias stands for is counted again each time.</param>
internal sealed record DocumentBounds(long MaxBytes, int MaxNodes)
{
    /// <summary>How deep lists and mappings may stand in each other: bounds every recursion over a document.</summary>
    internal const int MaxDepth = 100;

    /// <summary>The most characters of one value.</summary>
    internal const int MaxScalar = 1 << 20;
}
