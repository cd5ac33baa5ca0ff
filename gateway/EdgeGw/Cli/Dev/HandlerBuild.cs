namespace EdgeGw.Cli.Dev;

/// <summary>What came of a build.</summary>
/// <param name="Library">The handler library; null when there is none.</param>
/// <param name="Messages">What the compilers wrote.</param>
/// <param name="Failure">Why there is none, as a sentence; null when there is one.</param>
internal sealed record HandlerBuildResult(string? Library, IReadOnlyCollection<string> Messages, string? Failure);

/// <summary>Builds a handler again and again.</summary>
internal interface IHandlerBuild : IDisposable
{
    /// <summary>What is built, for sentences.</summary>
    string Name { get; }

    /// <summary>The folder that paths are shown from.</summary>
    string Folder { get; }

    /// <summary>The folders whose files it is made of.</summary>
    IReadOnlyList<string> Sources { get; }

    /// <summary>Builds what is there now. Cancelled, it ends what it has started.</summary>
    /// <param name="changed">The files that are others than at the last build; null for the first.</param>
    /// <param name="cancel">Ends it.</param>
    Task<HandlerBuildResult> RunAsync(IReadOnlyList<string>? changed, CancellationToken cancel);
}
