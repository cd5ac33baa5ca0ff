namespace EdgeGw.Calls;

/// <summary>Keeps .NET's thread pool going beside calls that block its threads: streams of HTTP/2, work that handlers have posted, requests that had to wait for their turn. By itself the pool adds one or
/// two threads a second; here it is told at once to have as many more as libraries hold, within a bound. The rule is that of the event loops: who is inside the same call at two looks, a millisecond apart,
/// holds its thread. There is one pool in a process, and one watch.</summary>
internal sealed class PoolWatch : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(1);

    // Threads that are held come back without a word: while there are any, the watch looks now and then all the same.
    private static readonly TimeSpan s_calmPeriod = TimeSpan.FromMilliseconds(50);

    // Looks at a pool that does nothing before the watch goes to sleep: one request now and then must not wake it each time.
    private const int IdleLooks = 50;

    // Looks after which the pool may be small again: some seconds.
    private const int Window = 2000;

    private static volatile PoolWatch? s_current;

    private readonly int _least;
    private readonly int _bound;
    private readonly Action _freed;
    private readonly (int Min, int Max) _before;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private int _asleep;
    private int _held;
    private int _min;
    private int _most;
    private int _looks;
    private volatile bool _isShort;
    private volatile bool _stopping;

    /// <summary>Begins to look, on a thread of its own.</summary>
    /// <param name="threads">The most threads of the pool.</param>
    /// <param name="freed">Called at each look at which threads are not short, so that who waited for that may go on.</param>
    public PoolWatch(int threads, Action freed)
    {
        ThreadPool.GetMinThreads(out _least, out _);
        ThreadPool.GetMaxThreads(out var most, out _);
        _before = (_least, most);
        _min = _least;
        _freed = freed;
        _bound = Math.Max(threads, 2 * _least);
        Reserve = Math.Min(_bound / 2, Math.Max(2 * _least, _bound / 8));
        Bound(_bound);
        _thread = new Thread(Look) { IsBackground = true, Name = "pool watch" };
        s_current = this;
        _thread.Start();
    }

    /// <summary>The last threads, which nobody gets who holds some already.</summary>
    public int Reserve { get; }

    /// <summary>Whether only <see cref="Reserve"/> is left.</summary>
    public bool IsShort => _isShort;

    /// <summary>Threads of the pool that are inside one call for longer than a look.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>A thread of the pool is about to call a library: it must not be forgotten there. Its slot says so already.</summary>
    public static void Notice() => s_current?.WakeUp();

    /// <summary>Stops looking; the pool's bounds are those from before.</summary>
    public void Dispose()
    {
        s_current = null;
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        Bound(_before.Max);
        Resize(_before.Min);
    }

    private void WakeUp()
    {
        // The slot's store before this look: the watch marks itself asleep before it looks at the slots. A fence, on threads of the pool alone.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0)
        {
            _wake.Set();
        }
    }

    private void Look()
    {
        var idle = 0;
        while (!_stopping)
        {
            Thread.Sleep(s_period);
            idle = LookOnce() ? 0 : idle + 1;
            if (idle == IdleLooks)
            {
                idle = 0;
                // What is held now is held for good; nothing else is under way.
                Resize(_isShort ? _bound : Math.Min(_least + _held, _bound - Reserve));
                Interlocked.Exchange(ref _asleep, 1);
                while (!LookOnce() && !_stopping && !_wake.WaitOne(_held > 0 ? s_calmPeriod : Timeout.InfiniteTimeSpan))
                {
                }
                Volatile.Write(ref _asleep, 0);
            }
        }
    }

    // True when something has happened since the last look.
    private bool LookOnce()
    {
        var (held, isActive) = (0, false);
        foreach (var slot in CallSlots.All)
        {
            if (!slot.IsPooled)
            {
                continue;
            }
            var (call, sequence) = (slot.Call, slot.Sequence);
            var isSame = sequence == slot.PoolSequence;
            slot.PoolSequence = sequence;
            isActive |= !isSame;
            if (isSame && call != 0)
            {
                held++;
            }
        }
        isActive |= held != _held;
        Volatile.Write(ref _held, held);
        Size(held);
        return isActive;
    }

    // Twice as many more as are held: who comes next may block as well, and a hundred at once shall not take a hundred looks.
    private void Size(int held)
    {
        var isShort = _bound - held <= Reserve;
        var wanted = isShort ? _bound : Math.Min(_least + (2 * held), _bound - Reserve);
        if (isShort != _isShort)
        {
            // Before there are more threads: those shall refuse.
            _isShort = isShort;
            if (!isShort)
            {
                // A smaller least alone leaves as many at work as there were: what waits now would get the last ones before the next look.
                Resize(wanted);
                Bound(_bound - Reserve);
                Bound(_bound);
            }
        }
        if (!isShort)
        {
            _freed();
        }
        _most = Math.Max(_most, wanted);
        if (wanted > _min)
        {
            Resize(wanted);
        }
        else if (++_looks >= Window)
        {
            Resize(_most);
            (_looks, _most) = (0, wanted);
        }
    }

    private void Resize(int min)
    {
        if (min != _min)
        {
            ThreadPool.GetMinThreads(out _, out var ports);
            ThreadPool.SetMinThreads(_min = min, ports);
        }
    }

    private static void Bound(int max)
    {
        ThreadPool.GetMaxThreads(out _, out var ports);
        ThreadPool.SetMaxThreads(max, ports);
    }
}
