namespace EdgeGw.Control.Compiling;

/// <summary>A build that ended without a library for a reason that is not in the source, or not at a place of it: one sentence.</summary>
internal sealed class CompileFailedException(string sentence, IReadOnlyList<string>? said = null) : Exception(sentence)
{
    /// <summary>The last lines of what the tool wrote.</summary>
    internal IReadOnlyList<string> Said { get; } = said ?? [];
}
