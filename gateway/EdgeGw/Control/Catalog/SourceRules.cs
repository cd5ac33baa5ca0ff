using System.Text;
using EdgeGw.Configuration;

namespace EdgeGw.Control.Catalog;

/// <summary>Which files may be kept as source. They are written to a disk to be compiled, so a name that leads out of its folder, or that MSBuild would take for its own, is none.</summary>
internal static class SourceRules
{
    private const int MaxName = 200;
    private const int MaxDepth = 8;

    /// <summary>Whether a file may be called that: <c>Handler.cs</c> or <c>Models/Pet.cs</c>.</summary>
    internal static bool IsFileName(string name) =>
        name.Length is > 0 and <= MaxName && name.EndsWith(".cs", StringComparison.Ordinal) && name.Split('/') is { Length: <= MaxDepth } parts && parts.All(IsPart);

    /// <summary>Adds a sentence for each fault of a list of files.</summary>
    internal static void Files(string member, IReadOnlyList<SourceFile> files, CatalogSettings settings, List<string> reasons)
    {
        if (files.Any(file => file is null))
        {
            reasons.Add($"'{member}' has null in the place of a file.");
            return;
        }
        if (files.Count > settings.MaxFiles)
        {
            reasons.Add($"'{member}' has {files.Count} files; {settings.MaxFiles} are allowed (Catalog:MaxFiles).");
            return;
        }
        foreach (var file in files.Where(file => !IsFileName(file.Name)))
        {
            reasons.Add($"'{Printable(file.Name)}' is not the name of a source file: use letters, digits, '.', '_' and '-', with '/' between folders and '.cs' at the end, and no '.' or '..' on the way.");
        }
        // What differs by case alone is one file on some disks.
        foreach (var group in files.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            reasons.Add($"'{Printable(group.Key)}' is there {group.Count()} times.");
        }
        var bytes = files.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Text));
        if (bytes > settings.MaxSourceBytes)
        {
            reasons.Add($"'{member}' has {bytes} bytes; {settings.MaxSourceBytes} are allowed (Catalog:MaxSourceBytes).");
        }
    }

    /// <summary>Adds a sentence for each file of an endpoint that is among its collection's too.</summary>
    internal static void Clashes(IReadOnlyList<SourceFile> own, IReadOnlyList<SourceFile> shared, List<string> reasons)
    {
        foreach (var file in own.Where(file => file is not null && shared.Any(other => other.Name.Equals(file.Name, StringComparison.OrdinalIgnoreCase))))
        {
            reasons.Add($"'{Printable(file.Name)}' is a shared file of the collection too; give one of them another name.");
        }
    }

    private static bool IsPart(string part) => part.Length is > 0 and <= 100 && part[0] != '.' && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static string Printable(string name) => string.Concat((name.Length <= 64 ? name : name[..64] + "…").Select(c => char.IsControl(c) ? '?' : c));
}
