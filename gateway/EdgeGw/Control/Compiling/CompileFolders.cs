using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Compiling;

/// <summary>Where the compile service keeps what: <c>compile/</c> in the state directory. All of it may be deleted while no gateway runs.</summary>
internal sealed class CompileFolders(string root)
{
    internal string Root => root;

    /// <summary>One folder for each build under way.</summary>
    internal string Work => Path.Combine(root, "work");

    /// <summary>One folder for each list of packages.</summary>
    internal string Kits => Path.Combine(root, "kits");

    /// <summary>What NuGet unpacked.</summary>
    internal string Packages => Path.Combine(root, "packages");

    /// <summary>Libraries by the content of their sources.</summary>
    internal string Cache => Path.Combine(root, "cache");

    /// <summary>Makes them, and removes what builds of an earlier control left behind.</summary>
    internal void Prepare()
    {
        if (Directory.Exists(Work))
        {
            Directory.Delete(Work, recursive: true);
        }
        foreach (var folder in (string[])[root, Work, Kits, Packages, Cache])
        {
            Files.CreateDirectory(folder);
        }
    }
}
