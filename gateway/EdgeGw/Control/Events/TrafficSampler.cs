using EdgeGw.Control.Supervision;
using EdgeGw.Worker;

namespace EdgeGw.Control.Events;

/// <summary>Asks the worker what it counts. Several who ask at once are one question.</summary>
internal sealed class TrafficSampler(WorkerSupervisor workers, TimeProvider clock) : IDisposable
{
    // What was asked this short a time ago is new enough.
    private static readonly TimeSpan s_fresh = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _turn = new(1);
    private TrafficSample? _last;

    /// <summary>The counts now.</summary>
    internal async Task<TrafficSample> AskAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_last is not { } last || clock.GetElapsedTime(last.Taken) >= s_fresh)
            {
                var worker = workers.InService;
                var traffic = worker is null ? null : await worker.Client.TrafficAsync(cancellation);
                _last = last = new TrafficSample(clock.GetTimestamp(), worker?.ProcessId, traffic);
            }
            return last;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}

/// <summary>What the worker counted at one moment.</summary>
/// <param name="Taken">When, as the clock's timestamp.</param>
/// <param name="Worker">The worker's process; null when none was in service.</param>
/// <param name="Traffic">Its counts; null when it did not answer.</param>
internal sealed record TrafficSample(long Taken, int? Worker, WorkerTraffic? Traffic);
