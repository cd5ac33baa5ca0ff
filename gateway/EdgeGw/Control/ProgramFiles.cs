using System.Runtime.CompilerServices;

namespace EdgeGw.Control;

/// <summary>What belongs beside the program. The published one is a single file but for SQLite, which is loaded when it is first used: who has copied the program alone shall hear of that at its start, not
/// in the middle of the first change.</summary>
internal static class ProgramFiles
{
    private const string Sqlite = "libe_sqlite3.so";

    /// <summary>What is missing and what to do, in a sentence; null when nothing is. A build that is run by the runtime has it in places of its own.</summary>
    internal static string? Missing => RuntimeFeature.IsDynamicCodeSupported || File.Exists(Path.Combine(AppContext.BaseDirectory, Sqlite))
        ? null
        : $"'{Sqlite}' is not in '{AppContext.BaseDirectory.TrimEnd('/')}', beside the program: copy it there from where the program is from.";
}
