namespace EdgeGw.Control.Supervision;

/// <summary>How long to wait before a dead worker is started again: not at all, unless it keeps dying within a second.</summary>
internal sealed class RestartBackoff(TimeSpan longest)
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan s_healthy = TimeSpan.FromSeconds(1);

    /// <summary>Deaths within a second of the start, without a longer life between them.</summary>
    internal int EarlyDeaths { get; private set; }

    /// <summary>The pause after a worker that lived so long.</summary>
    internal TimeSpan Next(TimeSpan lived)
    {
        EarlyDeaths = lived >= s_healthy ? 0 : EarlyDeaths + 1;
        if (EarlyDeaths <= 1)
        {
            return TimeSpan.Zero;
        }
        var pause = s_first * Math.Pow(2, Math.Min(EarlyDeaths - 2, 20));
        return pause < longest ? pause : longest;
    }
}
