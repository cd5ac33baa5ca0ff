namespace EdgeGw.Generations;

/// <summary>Counts the requests inside a handler version and knows whether it still takes any, in one atomic word: bit 0 says closed, the bits above count. So no request can see
/// the version open, then lose it before it has counted itself.</summary>
internal sealed class Lease
{
    private const long One = 2;
    private const long Closed = 1;

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _word;

    /// <summary>Requests inside.</summary>
    public long Count => Volatile.Read(ref _word) >> 1;

    /// <summary>Whether no new request is taken.</summary>
    public bool IsClosed => (Volatile.Read(ref _word) & Closed) != 0;

    /// <summary>Ends when it is closed and the last request has left.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Takes part; false when it is closed. Every true wants one <see cref="Exit"/>.</summary>
    public bool TryEnter()
    {
        if ((Interlocked.Add(ref _word, One) & Closed) == 0)
        {
            return true;
        }
        Exit();
        return false;
    }

    /// <summary>Leaves.</summary>
    public void Exit()
    {
        if (Interlocked.Add(ref _word, -One) == Closed)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Takes no new request from now on. Any number of times.</summary>
    public void Close()
    {
        if (Interlocked.Or(ref _word, Closed) is 0 or Closed)
        {
            _drained.TrySetResult();
        }
    }
}
