namespace EdgeGw.Control.Compiling;

/// <summary>What compiling a source came to.</summary>
/// <param name="Library">The library's file; null when there is none, and its errors are among the diagnostics.</param>
/// <param name="Sha256">Of the library.</param>
/// <param name="Bytes">Of the library.</param>
/// <param name="Cached">Whether it was compiled before.</param>
/// <param name="Diagnostics">Errors first, each group in the order of the files.</param>
internal sealed record BuildResult(string? Library, string? Sha256, long Bytes, bool Cached, IReadOnlyList<BuildDiagnostic> Diagnostics)
{
    /// <summary>One that failed.</summary>
    internal static BuildResult Failed(IReadOnlyList<BuildDiagnostic> diagnostics) => new(null, null, 0, false, diagnostics);
}
