namespace EdgeGw.Bundles;

/// <summary>Names of files in a bundle: relative, with '/', inside it wherever it is unpacked.</summary>
internal static class BundlePath
{
    private const int Most = 320;

    /// <summary>What is wrong with a name, as the end of a sentence that begins with it; null when nothing is.</summary>
    internal static string? Fault(string path)
    {
        if (path.Length is 0 or > Most)
        {
            return $"has {path.Length} characters; a file's name in a bundle has 1 to {Most}";
        }
        if (path.StartsWith('/') || path.Contains('\\', StringComparison.Ordinal) || path.Contains(':', StringComparison.Ordinal))
        {
            return "is no relative path with '/' between its parts";
        }
        if (path.Any(c => char.IsControl(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format || char.IsSurrogate(c)))
        {
            return "has a character that no file's name in a bundle may have";
        }
        return path.Split('/').Any(part => part is "" or "." or "..") ? "leads out of the bundle, or is not written in the shortest way" : null;
    }
}
