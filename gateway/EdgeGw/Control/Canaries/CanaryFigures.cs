using EdgeGw.Pipeline;
using EdgeGw.Worker;

namespace EdgeGw.Control.Canaries;

/// <summary>What one side of a comparison came to, over some time.</summary>
internal sealed class CanaryFigures
{
    private readonly long[] _latencies = new long[CanaryTally.Buckets];

    /// <summary>Requests answered.</summary>
    internal long Requests { get; private set; }

    /// <summary>Those answered with 500 or above.</summary>
    internal long Errors { get; private set; }

    /// <summary>The share of errors.</summary>
    internal double ErrorRate => Requests == 0 ? 0 : (double)Errors / Requests;

    /// <summary>Adds what a worker counted between two looks.</summary>
    internal void Add(CanaryCounts now, CanaryCounts? before)
    {
        Requests += now.Requests - (before?.Requests ?? 0);
        Errors += now.Errors - (before?.Errors ?? 0);
        for (var i = 0; i < _latencies.Length && i < now.Latencies.Length; i++)
        {
            _latencies[i] += now.Latencies[i] - (before?.Latencies[i] ?? 0);
        }
    }

    /// <summary>What came since an earlier moment of the same figures.</summary>
    internal CanaryFigures Since(CanaryFigures earlier)
    {
        var difference = Copy();
        difference.Requests -= earlier.Requests;
        difference.Errors -= earlier.Errors;
        for (var i = 0; i < _latencies.Length; i++)
        {
            difference._latencies[i] -= earlier._latencies[i];
        }
        return difference;
    }

    /// <summary>These figures as they are now.</summary>
    internal CanaryFigures Copy()
    {
        var copy = new CanaryFigures { Requests = Requests, Errors = Errors };
        _latencies.CopyTo(copy._latencies, 0);
        return copy;
    }

    /// <summary>The latency in milliseconds that a share of the requests stayed within; null without requests.</summary>
    internal double? Quantile(double share)
    {
        var total = _latencies.Sum();
        if (total == 0)
        {
            return null;
        }
        var rank = (long)Math.Ceiling(share * total);
        var bucket = 0;
        for (var seen = _latencies[0]; seen < rank; seen += _latencies[bucket])
        {
            bucket++;
        }
        return CanaryTally.UpperBound(bucket) / 1_000;
    }
}
