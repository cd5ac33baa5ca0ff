namespace EdgeGw.Services.Storage;

/// <summary>Compares strings as their UTF-8 bytes compare, without making them.</summary>
internal sealed class KeyOrder : IComparer<string>
{
    /// <summary>The one there is.</summary>
    public static readonly KeyOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y) => Compare(x.AsSpan(), y.AsSpan());

    /// <summary>Below, equal or above zero.</summary>
    public static int Compare(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        var common = x.CommonPrefixLength(y);
        return common == x.Length || common == y.Length ? x.Length - y.Length : Weight(x[common]) - Weight(y[common]);
    }

    // UTF-16 has the surrogates, which stand for the highest code points, below U+E000; UTF-8 has them above U+FFFF.
    private static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
