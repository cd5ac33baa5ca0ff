using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Pipeline;

/// <summary>An epoch in force: its routes, ready to be matched. Immutable.</summary>
/// <param name="Number">The epoch's number.</param>
/// <param name="Table">The routes by host, method and path.</param>
/// <param name="Routes">All routes.</param>
/// <param name="Config">The document it was built from.</param>
internal sealed record EpochState(long Number, RouteTable<Route> Table, IReadOnlyList<Route> Routes, EpochConfig? Config)
{
    /// <summary>The canaries.</summary>
    public IReadOnlyList<CanaryTrial> Trials { get; init; } = [];

    /// <summary>Every version that may get requests.</summary>
    public IEnumerable<HandlerVersion> Versions => Routes.Select(route => route.Version).Concat(Trials.Select(trial => trial.Canary)).Distinct();

    /// <summary>Nothing deployed.</summary>
    public static EpochState Empty { get; } = new(0, new RouteTable<Route>(), [], null);
}

/// <summary>The one reference that a swap changes.</summary>
internal sealed class EpochHolder
{
    private EpochState _current = EpochState.Empty;

    /// <summary>The epoch in force for requests that begin now.</summary>
    public EpochState Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
