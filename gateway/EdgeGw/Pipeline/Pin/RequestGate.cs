namespace EdgeGw.Pipeline.Pin;

/// <summary>Bounds how many requests are inside at once, and how many wait for their turn. Without waiting: two interlocked operations, no lock, no allocation.</summary>
/// <param name="limit">How many may be inside.</param>
/// <param name="queueLimit">How many may wait.</param>
internal sealed class RequestGate(int limit, int queueLimit)
{
    private volatile int _limit = limit;
    private readonly LinkedList<Waiter> _queue = new();
    private int _inside;
    private int _waiting;

    /// <summary>Requests inside.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Requests waiting.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many may be inside. A lower one lets those inside finish.</summary>
    public int Limit
    {
        get => _limit;
        set => _limit = value;
    }

    /// <summary>How many may wait.</summary>
    public int QueueLimit { get; } = queueLimit;

    /// <summary>Enters at once, or not at all. Every true wants one <see cref="Exit"/>.</summary>
    public bool TryEnter()
    {
        var seen = Volatile.Read(ref _inside);
        while (seen < Limit)
        {
            var before = Interlocked.CompareExchange(ref _inside, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }
            seen = before;
        }
        return false;
    }

    /// <summary>Waits for a turn: true when it came (one <see cref="Exit"/> is due), false when the queue is full or <paramref name="cancel"/> was first.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancel)
    {
        var waiter = new Waiter(this);
        lock (_queue)
        {
            if (_queue.Count >= QueueLimit)
            {
                return false;
            }
            waiter.Place = _queue.AddLast(waiter);
            Interlocked.Increment(ref _waiting);
        }
        // Somebody may have left between the failed TryEnter and the enqueueing: then nobody would wake us.
        Wake();
        using (cancel.UnsafeRegister(static w => ((Waiter)w!).GiveUp(), waiter))
        {
            return await waiter.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Leaves, and lets the next one in.</summary>
    public void Exit()
    {
        Interlocked.Decrement(ref _inside);
        if (Volatile.Read(ref _waiting) > 0)
        {
            Wake();
        }
    }

    private void Wake()
    {
        // When no turn is free, whoever has it wakes the next one on leaving.
        while (Volatile.Read(ref _waiting) > 0 && TryEnter())
        {
            Waiter? next;
            lock (_queue)
            {
                next = _queue.First?.Value;
                next?.Leave();
            }
            if (next is null || !next.TrySetResult(true))
            {
                Interlocked.Decrement(ref _inside);
            }
        }
    }

    private sealed class Waiter(RequestGate gate) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public LinkedListNode<Waiter>? Place { get; set; }

        // Inside the queue's lock.
        public void Leave()
        {
            if (Place is not null)
            {
                gate._queue.Remove(Place);
                Place = null;
                Interlocked.Decrement(ref gate._waiting);
            }
        }

        public void GiveUp()
        {
            lock (gate._queue)
            {
                Leave();
            }
            TrySetResult(false);
        }
    }
}
