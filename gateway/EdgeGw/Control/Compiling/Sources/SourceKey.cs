using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Control.Compiling.Sources;

/// <summary>The name of what a source compiles to: equal content, equal name.</summary>
internal static class SourceKey
{
    // Part of every key: one more makes every library be compiled again.
    private const string Form = "edgegw-compile-1";

    /// <summary>64 hexadecimal digits.</summary>
    /// <param name="input">The source.</param>
    /// <param name="kit">The key of the kit that it is compiled with.</param>
    internal static string Of(SourceInput input, string kit)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in (string[])[Form, kit, input.Name, input.Method, input.Path])
        {
            Add(hash, text);
        }
        foreach (var file in input.All.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            Add(hash, file.Name);
            Add(hash, file.Text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // With its length: no two lists of texts give the same bytes.
    internal static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
