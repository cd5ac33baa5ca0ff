using EdgeGw.Tests.Support;

namespace EdgeGw.Load.Readme;

/// <summary>The part of the README that is written from the results.</summary>
internal static class ReadmeFigures
{
    private const string Begin = "<!-- figures: begin. Written from bench/results by `./build.sh bench`, or alone by `dotnet run -c Release --project bench/Load -- --readme` -->";
    private const string End = "<!-- figures: end -->";

    /// <summary>The README.</summary>
    public static string File => Repository.Path("README.md");

    /// <summary>Writes the README anew; its path.</summary>
    public static string Update()
    {
        System.IO.File.WriteAllText(File, Replaced(System.IO.File.ReadAllText(File), SavedResult.Newest(Results.Folder)));
        return Path.GetRelativePath(Repository.Root, File);
    }

    /// <summary>A README with these results between its two marks.</summary>
    public static string Replaced(string readme, IReadOnlyDictionary<string, SavedResult> results)
    {
        var begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        var end = readme.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{readme[..(begin + Begin.Length)]}\n\n{new FigureTables(results).Write()}{readme[end..]}"
            : throw new InvalidOperationException($"README.md lacks the line '{Begin}', or '{End}' below it: the figures go between them.");
    }
}
