using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Events;

/// <summary>Tells of each endpoint that comes into another state, is changed or deleted. It looks when it is told that something may have happened, and on while one drains.</summary>
internal sealed class EndpointWatch(EndpointViews views, WorkerSupervisor workers, EventHub hub, ControlLog log, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_draining = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _due = new(0, 1);
    private readonly Lock _lock = new();

    /// <summary>Something may have happened to an endpoint. Any thread; does not wait.</summary>
    internal void Notice(string endpoint)
    {
        lock (_lock)
        {
            if (_due.CurrentCount == 0)
            {
                _due.Release();
            }
        }
    }

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        Dictionary<string, EndpointEvent>? before = null;
        try
        {
            while (true)
            {
                var changed = workers.Changed;
                if (await LookAsync(before, stop) is { } now)
                {
                    before = now;
                }
                await WaitAsync(before?.Values.Any(endpoint => endpoint.State == EndpointState.Draining) == true, changed, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // the gateway stops
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _due.Dispose();

    private async Task<Dictionary<string, EndpointEvent>?> LookAsync(Dictionary<string, EndpointEvent>? before, CancellationToken stop)
    {
        Dictionary<string, EndpointEvent> now;
        try
        {
            now = (await views.ListAsync(stop)).ToDictionary(
                endpoint => endpoint.Id, endpoint => new EndpointEvent(endpoint.Id, endpoint.Name, endpoint.Revision, endpoint.State, endpoint.StateReason, endpoint.Live, false));
        }
        catch (ChangeRefusedException e)
        {
            log.Warning($"The states of endpoints cannot be told: {e.Message}");
            return null;
        }
        if (before is not null)
        {
            foreach (var endpoint in now.Values.Where(endpoint => !before.TryGetValue(endpoint.Id, out var known) || known != endpoint))
            {
                hub.Publish("endpoint", endpoint, EventJson.Default.EndpointEvent);
            }
            foreach (var endpoint in before.Values.Where(endpoint => !now.ContainsKey(endpoint.Id)))
            {
                hub.Publish("endpoint", endpoint with { Deleted = true }, EventJson.Default.EndpointEvent);
            }
        }
        return now;
    }

    private async Task WaitAsync(bool draining, Task workerChanged, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var due = _due.WaitAsync(either.Token);
        await Task.WhenAny(due, workerChanged, Task.Delay(draining ? s_draining : Timeout.InfiniteTimeSpan, clock, either.Token));
        await either.CancelAsync();
        await due.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
    }
}
