namespace EdgeGw.Worker.Draining;

/// <summary>What control has said about this worker's end. A later order replaces the one before, with its bounds counted from then: a worker that drains for long is told to hurry when
/// the gateway stops.</summary>
internal sealed class StopOrders(TimeProvider clock)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Given? _given;

    /// <summary>Ends with the first order.</summary>
    public Task Requested => _first.Task;

    /// <summary>Whether there was one.</summary>
    public bool IsStopping => _given is not null;

    /// <summary>Takes an order.</summary>
    public void Give(StopOrder order)
    {
        _given = new Given(order, clock.GetTimestamp());
        _first.TrySetResult();
    }

    /// <summary>Waits until it has ended, or until the connections without a request had their time.</summary>
    public async Task IdleAsync(Func<bool> hasEnded)
    {
        while (!hasEnded() && !IsPast(_given!.Order.IdleMs))
        {
            await Task.Delay(s_look, clock).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until it has ended, or until what is under way had its time: requests that are not answered yet the short one, responses that have begun the long one.</summary>
    public async Task RequestsAsync(Task ended, Func<bool> hasResponsesUnderWay)
    {
        while (!ended.IsCompleted && !(IsPast(_given!.Order.TimeoutMs) && (IsPast(_given.Order.StreamMs) || !hasResponsesUnderWay())))
        {
            await Task.WhenAny(ended, Task.Delay(s_look, clock)).ConfigureAwait(false);
        }
    }

    private bool IsPast(int milliseconds) => _given is { } given && clock.GetElapsedTime(given.At) >= TimeSpan.FromMilliseconds(milliseconds);

    private sealed record Given(StopOrder Order, long At);
}
