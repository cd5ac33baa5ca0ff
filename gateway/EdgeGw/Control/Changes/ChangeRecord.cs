using EdgeGw.Epochs;

namespace EdgeGw.Control.Changes;

/// <summary>An attempt to change what serves, as it ended: for the log of deployments.</summary>
internal sealed record ChangeRecord
{
    /// <summary><c>deploy</c>, <c>undeploy</c>, <c>service</c>, <c>rollback</c>, <c>quarantine</c>, <c>reload</c>, <c>upgrade</c> …</summary>
    public required string Action { get; init; }

    /// <summary>Who did it.</summary>
    public required string Author { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How long it took, with the wait for its turn.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The handler that it is about, if it is about one and its name is known.</summary>
    public string? Handler { get; init; }

    /// <summary>What came of it; null when it was refused.</summary>
    public ChangeOutcome? Outcome { get; init; }

    /// <summary>Why it was refused.</summary>
    public ChangeRefusedException? Refusal { get; init; }

    /// <summary>The epoch that was in force before it.</summary>
    public EpochConfig? Before { get; init; }

    /// <summary>What the deployed libraries were made of, as far as whoever deploys them knows.</summary>
    public IReadOnlyList<LibraryOrigin> Origins { get; init; } = [];
}
