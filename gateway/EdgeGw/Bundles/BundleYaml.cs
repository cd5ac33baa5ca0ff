using System.Globalization;
using System.Text;

namespace EdgeGw.Bundles;

/// <summary>Writes YAML of one form: mappings in blocks, every text that could be read as something else in double quotes. The same content gives the same bytes.</summary>
internal sealed class BundleYaml
{
    private const int Step = 2;

    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>Writes a line of comment.</summary>
    internal void Comment(string text) => _text.Append(' ', _indent).Append("# ").Append(text).Append('\n');

    /// <summary>Writes a key with a mapping below it; nothing when that is empty.</summary>
    internal void Mapping(string key, bool isEmpty, Action content)
    {
        if (isEmpty)
        {
            return;
        }
        Key(key).Append('\n');
        _indent += Step;
        content();
        _indent -= Step;
    }

    /// <summary>Writes a key with an empty mapping.</summary>
    internal void Nothing(string key) => Key(key).Append(" {}\n");

    /// <summary>Writes a key with a text, in which no variable is filled in later; nothing when there is none.</summary>
    internal void Text(string key, string? value)
    {
        if (value is not null)
        {
            Key(key).Append(' ').Append(Quoted(BundleVariables.Escape(value))).Append('\n');
        }
    }

    /// <summary>Writes a key with a number; nothing when there is none.</summary>
    internal void Number(string key, long? value)
    {
        if (value is not null)
        {
            Key(key).Append(CultureInfo.InvariantCulture, $" {value}").Append('\n');
        }
    }

    /// <summary>Writes a key with a flag.</summary>
    internal void Flag(string key, bool value) => Key(key).Append(value ? " true" : " false").Append('\n');

    /// <summary>The document, in UTF-8.</summary>
    internal byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    private StringBuilder Key(string key) => _text.Append(' ', _indent).Append(Quoted(key)).Append(':');

    // Letters first, and what no YAML gives a meaning of its own there: everything else is quoted.
    private static string Quoted(string text)
    {
        var isPlain = text.Length is > 0 and <= 100 && (char.IsAsciiLetter(text[0]) || text[0] == '/') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' or '{' or '}' or ':')
            && text[^1] != ':' && !IsWord(text);
        if (isPlain)
        {
            return text;
        }
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator =>
                    quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

    // What older readers take for a flag or for nothing.
    private static bool IsWord(string text) => text.ToLowerInvariant() is "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n" or "null";
}
