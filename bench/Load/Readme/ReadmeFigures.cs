using EdgeGw.Bench.Baseline;
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
        System.IO.File.WriteAllText(File, Newest(System.IO.File.ReadAllText(File)));
        return Path.GetRelativePath(Repository.Root, File);
    }

    /// <summary>A README with the newest results.</summary>
    public static string Newest(string readme) => Replaced(readme, SavedResult.Newest(Results.Folder), StepBaseline.Read(Repository.Path(FigureTables.StepsPage)));

    /// <summary>A README with these results between its two marks.</summary>
    public static string Replaced(string readme, IReadOnlyDictionary<string, SavedResult> results, StepBaseline steps)
    {
        var begin = readme.IndexOf(Begin, StringComparison.Ordinal);
        var end = readme.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin
            ? $"{readme[..(begin + Begin.Length)]}\n\n{new FigureTables(results, steps).Write()}{readme[end..]}"
            : throw new InvalidOperationException($"README.md lacks the line '{Begin}', or '{End}' below it: the figures go between them.");
    }
}
