namespace EdgeGw.Pipeline.Pin;

/// <summary>Which requests of a route go to the version on trial: each by chance, so that nobody is picked twice for what he asks.</summary>
/// <param name="route">The canary's.</param>
/// <param name="percent">Its share.</param>
internal sealed class CanaryShare(Route route, double percent)
{
    private const int Whole = 1_000_000;

    private readonly int _threshold = (int)(percent / 100 * Whole);

    /// <summary>The canary's route.</summary>
    public Route Route { get; } = route;

    /// <summary>Whether the next request is the canary's. Allocates and locks nothing: each thread has its own generator.</summary>
    public bool TakesNext() => Random.Shared.Next(Whole) < _threshold;
}
