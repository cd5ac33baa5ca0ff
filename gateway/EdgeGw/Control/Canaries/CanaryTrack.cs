using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Worker;

namespace EdgeGw.Control.Canaries;

/// <summary>One canary's trial as control has seen it: all of it, and enough moments of it to know the last window. Not thread-safe.</summary>
internal sealed class CanaryTrack(EpochCanary canary, CanarySettings bounds)
{
    private const int Moments = 60;
    private static readonly TimeSpan s_shortPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longPause = TimeSpan.FromMinutes(1);

    private readonly Queue<(TimeSpan At, CanaryFigures Live, CanaryFigures Canary)> _moments = new();
    private readonly CanaryFigures _live = new();
    private readonly CanaryFigures _canary = new();
    private (int Worker, WorkerCanary Counts)? _seen;
    private TimeSpan _lastMoment = TimeSpan.MinValue;
    private TimeSpan _pause;

    /// <summary>The trial.</summary>
    internal EpochCanary Canary { get; } = canary;

    /// <summary>Deaths of its worker.</summary>
    internal int Deaths { get; set; }

    /// <summary>What was said at its last death, or of a call that it did not give back; empty for nothing.</summary>
    internal string LastDeath { get; set; } = "";

    /// <summary>When it is looked at again; each look that could not do what was due is followed by a longer pause.</summary>
    internal TimeSpan PausedUntil { get; private set; }

    /// <summary>Makes the pause.</summary>
    internal void Pause(TimeSpan now)
    {
        _pause = _pause == TimeSpan.Zero ? s_shortPause : _pause * 2 < s_longPause ? _pause * 2 : s_longPause;
        PausedUntil = now + _pause;
    }

    /// <summary>Takes what a shared worker has counted; one that was started anew has begun with nothing.</summary>
    internal void Take(int worker, WorkerCanary counts, TimeSpan now)
    {
        var before = _seen is { } seen && seen.Worker == worker ? seen.Counts : null;
        _seen = (worker, counts);
        _live.Add(counts.Live, before?.Live);
        _canary.Add(counts.Canary, before?.Canary);
        var window = TimeSpan.FromSeconds(bounds.WindowSeconds);
        if (_lastMoment == TimeSpan.MinValue || now - _lastMoment >= window / Moments)
        {
            _lastMoment = now;
            _moments.Enqueue((now, _live.Copy(), _canary.Copy()));
        }
        // The one that the window begins with stays.
        while (_moments.Count > 1 && now - _moments.ElementAt(1).At >= window)
        {
            _moments.Dequeue();
        }
    }

    /// <summary>Both sides over the window; over all of the trial where the canary had too few requests in that.</summary>
    internal (CanaryFigures Live, CanaryFigures Canary) Judged(TimeSpan now)
    {
        if (_moments.TryPeek(out var first) && now - first.At >= TimeSpan.FromSeconds(bounds.WindowSeconds))
        {
            var recent = _canary.Since(first.Canary);
            if (recent.Requests >= bounds.MinRequests)
            {
                return (_live.Since(first.Live), recent);
            }
        }
        return (_live.Copy(), _canary.Copy());
    }

    /// <summary>Whether it has had what it is to have before it is promoted by itself.</summary>
    internal bool IsProven => _canary.Requests >= bounds.MinRequests;
}
