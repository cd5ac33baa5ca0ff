using System.Globalization;
using EdgeGw.Configuration;

namespace EdgeGw.Control.Canaries;

/// <summary>When a canary is worse than its bounds allow. Pure.</summary>
internal static class CanaryRule
{
    // A quantile of fewer requests than that beyond it is chance.
    private const int LeastBeyond = 10;

    /// <summary>What speaks against it, in words that follow its name; null when nothing does, or too little is known.</summary>
    internal static string? Fault(CanaryFigures live, CanaryFigures canary, int deaths, CanarySettings bounds)
    {
        if (deaths > bounds.MaxDeaths)
        {
            return Text($"its worker died {deaths} times; {bounds.MaxDeaths} are borne (Canary:MaxDeaths)");
        }
        if (canary.Requests < bounds.MinRequests)
        {
            return null;
        }
        if (canary.ErrorRate > live.ErrorRate + bounds.MaxErrorRate)
        {
            return Text($"{canary.Errors} of its {canary.Requests} requests failed ({canary.ErrorRate:P1}), beside {live.ErrorRate:P1} of the live version's (Canary:MaxErrorRate)");
        }
        return Slow("median", 0.5) ?? Slow("99th percentile", 0.99);

        string? Slow(string what, double share)
        {
            if (Math.Min(live.Requests, canary.Requests) * (1 - share) < LeastBeyond || canary.Quantile(share) is not { } own || live.Quantile(share) is not { } other
                || own <= Math.Max(other * bounds.MaxLatencyRatio, other + bounds.LatencySlackMs))
            {
                return null;
            }
            return Text($"its {what} is {own:0.##} ms, the live version's {other:0.##} ms (Canary:MaxLatencyRatio)");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
