using System.Globalization;
using System.Text;

namespace EdgeGw.Control.Importing;

/// <summary>Turns texts of strangers into C#: names that are names, literals that end where they should, comments that stay comments.</summary>
internal static class CSharpText
{
    private const int MostName = 80;
    private const int MostComment = 400;

    private static readonly HashSet<string> s_keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double", "else", "enum", "event",
        "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct",
        "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
        "await", "async", "var", "field", "value", "record", "file", "required", "scoped", "nameof", "when", "where", "yield", "dynamic", "global", "partial", "with", "and", "or", "not", "args",
    };

    /// <summary>A type's or member's name: words begin with upper case. <paramref name="fallback"/> is the name of what has no letters.</summary>
    internal static string Pascal(string text, string fallback)
    {
        var name = new StringBuilder();
        var wordBegins = true;
        foreach (var c in text)
        {
            if (!IsLetterOrDigit(c))
            {
                wordBegins = true;
                continue;
            }
            if (name.Length == 0 && char.IsDigit(c))
            {
                name.Append(fallback); // a name begins with a letter
            }
            name.Append(wordBegins ? char.ToUpperInvariant(c) : c);
            wordBegins = false;
            if (name.Length >= MostName)
            {
                break;
            }
        }
        return name.Length == 0 ? fallback : name.ToString();
    }

    /// <summary>A local variable's name.</summary>
    internal static string Camel(string text, string fallback)
    {
        var pascal = Pascal(text, fallback);
        var camel = char.ToLowerInvariant(pascal[0]) + pascal[1..];
        return s_keywords.Contains(camel) ? "@" + camel : camel;
    }

    /// <summary>A string literal.</summary>
    internal static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var c in text)
        {
            literal = c switch
            {
                '"' => literal.Append("\\\""),
                '\\' => literal.Append("\\\\"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                '\t' => literal.Append("\\t"),
                _ when c is >= ' ' and < '\x7f' || char.IsLetter(c) && !char.IsSurrogate(c) => literal.Append(c),
                _ => literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
            };
        }
        return literal.Append('"').ToString();
    }

    /// <summary>One line of text for a comment, which it cannot end.</summary>
    internal static string Comment(string text)
    {
        var line = new StringBuilder();
        foreach (var c in text)
        {
            var plain = char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate ? ' ' : c;
            if (plain != ' ' || (line.Length > 0 && line[^1] != ' '))
            {
                line.Append(plain);
            }
            if (line.Length >= MostComment)
            {
                line.Append('…');
                break;
            }
        }
        return line.ToString().TrimEnd();
    }

    /// <summary>One line of text for a documentation comment.</summary>
    internal static string Summary(string text) =>
        Comment(text).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    // Letters of every language, but nothing that joins, hides or combines.
    private static bool IsLetterOrDigit(char c) => char.IsAsciiLetterOrDigit(c) || (char.IsLetter(c) && char.GetUnicodeCategory(c) is not UnicodeCategory.ModifierLetter);
}
