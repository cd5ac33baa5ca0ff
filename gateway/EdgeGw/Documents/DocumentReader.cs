using System.Text;

namespace EdgeGw.Documents;

/// <summary>Reads YAML 1.2 or JSON, whichever it is. Throws <see cref="DocumentException"/>.</summary>
internal static class DocumentReader
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a document.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="bounds">How large it may be.</param>
    /// <param name="expand">Gives the text that stands for a value's, such as with its variables filled in; keys stay as they are.</param>
    internal static DocumentNode Read(ReadOnlyMemory<byte> utf8, DocumentBounds bounds, Func<DocumentScalar, string>? expand = null)
    {
        if (utf8.Length > bounds.MaxBytes)
        {
            throw new DocumentException($"It has {utf8.Length} bytes; {bounds.MaxBytes} are allowed.");
        }
        if (utf8.Span.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }
        var budget = new DocumentBudget(bounds, expand);
        return utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? JsonTree.Read(utf8.Span, budget) : YamlTree.Read(Decode(utf8.Span), budget);
    }

    private static string Decode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return s_strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new DocumentException("It is not UTF-8 text.");
        }
    }
}
