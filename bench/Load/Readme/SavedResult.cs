using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeGw.Load.Readme;

/// <summary>What a run left below bench/results as data.</summary>
/// <param name="Case">As the file is called.</param>
/// <param name="Day">When it was measured.</param>
/// <param name="Outcome">Its figures.</param>
internal sealed partial record SavedResult(string Case, DateOnly Day, Outcome Outcome)
{
    /// <summary>The page beside the data, from the repository's root.</summary>
    public string Page => string.Create(CultureInfo.InvariantCulture, $"bench/results/{Day:yyyy-MM-dd}-{Case}.md");

    /// <summary>The newest of each case by the day in its name; files of other names are none.</summary>
    public static IReadOnlyDictionary<string, SavedResult> Newest(string folder) =>
        Directory.GetFiles(folder)
            .Select(file => (File: file, Name: FileName().Match(Path.GetFileName(file))))
            .Where(file => file.Name.Success)
            .GroupBy(file => file.Name.Groups[2].Value)
            .Select(ofCase => ofCase.MaxBy(file => file.Name.Groups[1].Value))
            .ToDictionary(
                newest => newest.Name.Groups[2].Value,
                newest => new SavedResult(newest.Name.Groups[2].Value, DateOnly.ParseExact(newest.Name.Groups[1].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture), Results.Read(newest.File)));

    [GeneratedRegex(@"^(\d{4}-\d{2}-\d{2})-([\w-]+)\.json$")]
    private static partial Regex FileName();
}
