using System.Globalization;
using System.Text;

namespace EdgeGw.Cli.Output;

/// <summary>Makes text that others wrote safe for a terminal.</summary>
internal static class Printable
{
    /// <summary>Writes control and direction characters as <c>\u001b</c>, so that a log line cannot move the cursor, clear the screen or hide text.</summary>
    public static string Escape(string? text)
    {
        if (string.IsNullOrEmpty(text) || !text.Any(IsUnsafe))
            return text ?? "";
        var safe = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsUnsafe(c))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                safe.Append(c);
        }
        return safe.ToString();
    }

    private static bool IsUnsafe(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format;
}
