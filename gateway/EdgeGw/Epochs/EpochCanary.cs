namespace EdgeGw.Epochs;

/// <summary>A version on trial: it runs in a worker of its own and gets a share of the requests that its handler's live version would get.</summary>
internal sealed record EpochCanary
{
    /// <summary>The deployment, as it will be when it is promoted.</summary>
    public required EpochHandler Handler { get; init; }

    /// <summary>Per cent of the requests, above 0 and below 100.</summary>
    public required double Percent { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Milliseconds after which it is promoted by itself; null: by hand only.</summary>
    public long? PromoteAfterMs { get; init; }
}
