using System.Text;
using EdgeGw.Documents;

namespace EdgeGw.Bundles;

/// <summary>Fills <c>${NAME}</c> and <c>${NAME:-default}</c> into a bundle's values; <c>$${</c> is a plain <c>${</c>. Filled in after the document is read: what a variable holds is text, whatever it looks like.</summary>
/// <param name="find">Gives a variable's value, or null.</param>
/// <param name="faults">Where what is wrong is said.</param>
internal sealed class BundleVariables(Func<string, string?> find, DocumentFaults faults)
{
    private readonly SortedDictionary<string, string> _used = new(StringComparer.Ordinal);

    /// <summary>The variables that were found, and what they hold.</summary>
    internal IReadOnlyDictionary<string, string> Used => _used;

    /// <summary>A text that means itself.</summary>
    internal static string Escape(string text) => text.Replace("${", "$${", StringComparison.Ordinal);

    /// <summary>A value with its variables filled in; the same object when it has none.</summary>
    internal string Expand(DocumentScalar scalar)
    {
        var text = scalar.Text;
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }
        var expanded = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            if (rest.StartsWith("$${"))
            {
                expanded.Append("${");
                at += 3;
            }
            else if (rest.StartsWith("${"))
            {
                var end = rest.IndexOf('}');
                if (end < 0)
                {
                    faults.Add(scalar, "'${' is not closed with '}'; write '$${' for the characters themselves.");
                    return text;
                }
                expanded.Append(Value(scalar, rest[2..end].ToString()));
                at += end + 1;
            }
            else
            {
                expanded.Append(text[at++]);
            }
            if (expanded.Length > DocumentBounds.MaxScalar)
            {
                faults.Add(scalar, $"With its variables filled in, this value has more than {DocumentBounds.MaxScalar} characters.");
                return text;
            }
        }
        return expanded.ToString();
    }

    private string Value(DocumentScalar scalar, string reference)
    {
        var cut = reference.IndexOf(":-", StringComparison.Ordinal);
        var name = cut < 0 ? reference : reference[..cut];
        if (!IsName(name))
        {
            faults.Add(scalar, $"'${{{DocumentBudget.Shown(reference)}}}' is not ${{NAME}} or ${{NAME:-default}}, with a name of letters, digits and '_'.");
            return "";
        }
        var value = find(name);
        if (value is not null)
        {
            _used[name] = value;
        }
        // As in a shell, a default stands for an empty value too.
        if (cut >= 0)
        {
            return string.IsNullOrEmpty(value) ? reference[(cut + 2)..] : value;
        }
        if (value is null)
        {
            faults.Add(scalar, $"The variable {name} is not set, and '${{{name}}}' has no default: set it, or write '${{{name}:-default}}'.");
        }
        return value ?? "";
    }

    /// <summary>Whether a variable may be called that.</summary>
    internal static bool IsName(string name) => name.Length is > 0 and <= 256 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
