namespace EdgeGw.Calls;

/// <summary>The calls given up in this worker, kept for control, which asks for them and waits.</summary>
internal sealed class StuckCalls
{
    /// <summary>How many are kept; control has read the earlier ones long since.</summary>
    public const int MaxKept = 256;

    private readonly Lock _lock = new();
    private readonly Queue<StuckCall> _calls = new();
    private TaskCompletionSource _more = NewSource();
    private long _count;

    /// <summary>Calls given up so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Adds one, under the next number.</summary>
    public void Add(Func<long, StuckCall> create)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            _calls.Enqueue(create(++_count));
            if (_calls.Count > MaxKept)
            {
                _calls.Dequeue();
            }
            (more, _more) = (_more, NewSource());
        }
        more.TrySetResult();
    }

    /// <summary>Those after a number: at once when there are any, else with the next one, and none when <paramref name="patience"/> is over.</summary>
    public async Task<IReadOnlyList<StuckCall>> AfterAsync(long number, TimeSpan patience, TimeProvider time)
    {
        Task more;
        lock (_lock)
        {
            if (_count > number)
            {
                return [.. _calls.Where(call => call.Number > number)];
            }
            more = _more.Task;
        }
        try
        {
            await more.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return [];
        }
        lock (_lock)
        {
            return [.. _calls.Where(call => call.Number > number)];
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
