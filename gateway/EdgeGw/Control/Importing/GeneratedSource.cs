using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Control.Importing;

/// <summary>The first line of a file that an import wrote: by it the next import knows whether somebody has changed the file since.</summary>
internal static class GeneratedSource
{
    private const string Begin = "// Made by an OpenAPI import, which leaves this file alone once it is changed. ";
    private const int HashDigits = 16;

    /// <summary>A file with its first line.</summary>
    internal static string Mark(string text) => $"{Begin}{Hash(text)}\n{text}";

    /// <summary>Whether an import wrote it, whatever has become of it.</summary>
    internal static bool IsMarked(string text) => text.StartsWith(Begin, StringComparison.Ordinal);

    /// <summary>Whether it is as an import wrote it.</summary>
    internal static bool IsUntouched(string text)
    {
        var end = Begin.Length + HashDigits;
        return IsMarked(text) && text.Length > end && text[end] == '\n' && text.AsSpan(Begin.Length, HashDigits).SequenceEqual(Hash(text[(end + 1)..]));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];
}
