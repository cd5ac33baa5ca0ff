using System.Xml;
using System.Xml.Linq;

namespace EdgeGw.Cli.Dev;

/// <summary>The projects that a project is made of, as its files name them.</summary>
internal static class ProjectReferences
{
    private const int MostProjects = 100;

    /// <summary>The folders of a project and of all that it refers to, none inside another. A reference that only a build can work out (<c>$(…)</c>) is left out.</summary>
    public static IReadOnlyList<string> Folders(string project)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Add(Path.GetFullPath(project), found);
        var folders = found.Select(file => Path.GetDirectoryName(file)!).Distinct().ToList();
        return [.. folders.Where(folder => !folders.Exists(other => other != folder && folder.StartsWith(other + Path.DirectorySeparatorChar, StringComparison.Ordinal)))];
    }

    private static void Add(string project, HashSet<string> found)
    {
        if (found.Count == MostProjects || !File.Exists(project) || !found.Add(project))
            return;
        try
        {
            foreach (var reference in XDocument.Load(project).Descendants().Where(element => element.Name.LocalName == "ProjectReference"))
            {
                if (reference.Attribute("Include")?.Value is { } path && !path.Contains('$'))
                    Add(Path.GetFullPath(path.Replace('\\', Path.DirectorySeparatorChar), Path.GetDirectoryName(project)!), found);
            }
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            // The build will say what is wrong with it.
        }
    }
}
