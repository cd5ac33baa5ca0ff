namespace EdgeGw.Control;

/// <summary>What belongs beside the program. The published one is a single file but for SQLite, which is loaded when it is first used: who has copied the program alone shall hear of that at its start, not
/// in the middle of the first change.</summary>
internal static class ProgramFiles
{
    private const string Sqlite = "libe_sqlite3.so";

    /// <summary>What is missing and what to do, in a sentence; null when nothing is. A program that is run by <c>dotnet</c> is told by its host where native libraries are, and has them in places of their own.</summary>
    internal static string? Missing => AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is not null || File.Exists(Path.Combine(AppContext.BaseDirectory, Sqlite))
        ? null
        : $"'{Sqlite}' is not in '{AppContext.BaseDirectory.TrimEnd('/')}', beside the program: copy it there from where the program is from.";
}
