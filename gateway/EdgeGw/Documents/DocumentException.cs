using System.Globalization;

namespace EdgeGw.Documents;

/// <summary>A document that cannot be read at all.</summary>
/// <param name="what">One sentence.</param>
/// <param name="line">Where; 0 when it is about the whole.</param>
/// <param name="column">Where.</param>
internal sealed class DocumentException(string what, long line = 0, long column = 0) : Exception(what)
{
    /// <summary>The sentence with its place in a file.</summary>
    internal string In(string file) => line == 0 ? $"{file}: {Message}" : string.Create(CultureInfo.InvariantCulture, $"{file}:{line}:{column}: {Message}");
}
