namespace EdgeGw.Load;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">Rounds of each server.</param>
/// <param name="Seconds">Seconds of load in a round.</param>
/// <param name="Connections">Open connections.</param>
internal sealed record Plan(int Rounds, int Seconds, int Connections)
{
    /// <summary>Rounds below which a run is a trial.</summary>
    public const int FewestRounds = 3;

    /// <summary>Whether its results stay out of the repository.</summary>
    public bool IsTrial => Rounds < FewestRounds;

    /// <summary>Seconds of load before the first round: pools fill, buffers grow.</summary>
    public const int WarmUpSeconds = 2;

    /// <summary>Connections over HTTP/2, each with as many streams as the case says.</summary>
    public const int Http2Connections = 2;

    /// <summary>Without any load, before idle memory is looked at.</summary>
    public const int IdleSeconds = 4;

    /// <summary>Seconds of load in which allocations are counted.</summary>
    public const int AllocationSeconds = 4;
}
