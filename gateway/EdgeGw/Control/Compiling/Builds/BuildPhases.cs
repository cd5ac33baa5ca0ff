namespace EdgeGw.Control.Compiling.Builds;

/// <summary>One phase of a build.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ms">How long it took; null while it runs.</param>
internal sealed record BuildPhase(string Name, double? Ms);

/// <summary>What a build has done so far, and how long each part took. Any thread may read; one runs.</summary>
internal sealed class BuildPhases(TimeProvider clock, Action changed)
{
    private volatile IReadOnlyList<BuildPhase> _all = [];

    /// <summary>Those that were begun, in order.</summary>
    internal IReadOnlyList<BuildPhase> All => _all;

    /// <summary>The one that runs now; null between two.</summary>
    internal string? Current => _all is [.., { Ms: null } last] ? last.Name : null;

    /// <summary>Runs one, and says so before and after.</summary>
    internal async Task<T> RunAsync<T>(string name, Func<Task<T>> run)
    {
        var started = clock.GetTimestamp();
        var before = _all;
        _all = [.. before, new BuildPhase(name, null)];
        changed();
        try
        {
            return await run();
        }
        finally
        {
            _all = [.. before, new BuildPhase(name, clock.GetElapsedTime(started).TotalMilliseconds)];
            changed();
        }
    }
}
