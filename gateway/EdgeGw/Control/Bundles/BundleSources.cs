using System.Text;
using EdgeGw.Bundles;

namespace EdgeGw.Control.Bundles;

/// <summary>The texts of a bundle's source files.</summary>
internal static class BundleSources
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads each file that the bundle names as a source once; adds a sentence for each that cannot be one.</summary>
    internal static Dictionary<string, string> Read(IBundleFiles files, Bundle bundle, int maxBytes, List<string> reasons)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in bundle.Sources.Select(source => source.File).Distinct(StringComparer.Ordinal))
        {
            using var content = files.Open(file);
            if (Bytes(content, maxBytes) is not { } bytes)
            {
                reasons.Add($"{file} has more than {maxBytes} bytes, the most that Catalog:MaxSourceBytes allows.");
                continue;
            }
            try
            {
                texts[file] = s_strict.GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                reasons.Add($"{file} is not a text in UTF-8.");
            }
        }
        return texts;
    }

    private static byte[]? Bytes(Stream content, int maxBytes)
    {
        using var bytes = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (content.Read(piece) is > 0 and var read)
        {
            bytes.Write(piece, 0, read);
            if (bytes.Length > maxBytes)
            {
                return null;
            }
        }
        return bytes.ToArray();
    }
}
