using System.Text.RegularExpressions;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Dev;

/// <summary>What compilers wrote, as editors and terminals read it: <c>Handlers.cs:12:5: error CS1002: ; expected</c>.</summary>
internal static partial class CompilerMessages
{
    private const int MostLines = 50;

    /// <summary>The lines, each once, paths from <paramref name="folder"/> on where they are below it.</summary>
    public static IEnumerable<string> Format(IEnumerable<string> lines, string folder, Paint paint)
    {
        var all = lines.Select(line => line.TrimEnd()).Where(line => line.Length > 0).Select(line => One(line, folder, paint)).Distinct().ToList();
        foreach (var line in all.Take(MostLines))
            yield return line;
        if (all.Count > MostLines)
            yield return $"and {all.Count - MostLines} more lines";
    }

    private static string One(string line, string folder, Paint paint)
    {
        if (MsBuild().Match(line) is { Success: true } match)
            return $"{Relative(match.Groups["file"].Value)}:{match.Groups["line"].Value}{Column(match.Groups["column"])}: {Severity(match.Groups["severity"].Value)} {Printable.Escape($"{match.Groups["code"].Value}: {match.Groups["text"].Value}")}";
        if (Gcc().Match(line) is { Success: true } gcc)
            return $"{Relative(gcc.Groups["file"].Value)}{Printable.Escape(gcc.Groups["place"].Value)} {Severity(gcc.Groups["severity"].Value)}{Printable.Escape(gcc.Groups["text"].Value)}";
        return Printable.Escape(Project().Replace(line, ""));

        string Relative(string file) => Printable.Escape(Path.IsPathRooted(file) && Path.GetRelativePath(folder, file) is var relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : file);

        string Severity(string severity) => severity.EndsWith("error", StringComparison.Ordinal) ? paint.Bad(severity) : paint.Busy(severity);

        static string Column(Group column) => column.Success ? ":" + column.Value : "";
    }

    [GeneratedRegex(@"^\s*(?<file>[^\s(][^(]*)\((?<line>\d{1,8})(,(?<column>\d{1,8}))?(,\d{1,8},\d{1,8})?\): (?<severity>error|warning) (?<code>\w{1,20}): (?<text>.*?)( \[[^\]]*proj\])?$")]
    private static partial Regex MsBuild();

    [GeneratedRegex(@"^(?<file>[^\s:][^:]*)(?<place>:\d{1,8}:\d{1,8}:) (?<severity>(fatal )?error|warning)(?<text>:.*)$")]
    private static partial Regex Gcc();

    [GeneratedRegex(@" \[[^\]]*proj\]$")]
    private static partial Regex Project();
}
