using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Transport;

/// <summary>Sees when a loop stays inside one event, and gives the loop to another thread: a handler that blocks, or never returns, holds up its own connection and no other. The thread
/// inside finds, when it comes out, that the loop is not its own any more, and is the next spare one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process or its thread, whichever ends last.")]
internal sealed class LoopWatch
{
    // Looks at loops that do nothing before the watch goes to sleep: one request now and then must not wake it each time.
    private const int IdleLooks = 50;
    private const int MaxSpares = 4;

    // Looks without a shortage of threads before the next shortage is worth a line: some seconds.
    private const int CalmLooks = 5000;

    private readonly EpollLoop[] _loops;
    private readonly EpollTransportOptions _options;
    private readonly ILogger _log;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Stack<LoopThread> _spares = new();
    private readonly Lock _lock = new();
    private int _threads;
    private int _asleep;
    private long _handOvers;
    private long _refused;
    private volatile bool _isShort;
    private int _calm;
    private volatile bool _stopping;

    /// <summary>A watch that does not look yet.</summary>
    public LoopWatch(EpollLoop[] loops, EpollTransportOptions options, ILogger log) => (_loops, _options, _log) = (loops, options, log);

    /// <summary>How often a loop has been given to another thread.</summary>
    public long HandOvers => Volatile.Read(ref _handOvers);

    /// <summary>How often a loop that was blocked could not be given to another thread, since there were as many as there may be.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Whether the last few threads are all that is left to take a loop over.</summary>
    public bool IsShort => _isShort;

    /// <summary>Threads, those inside something that blocks included.</summary>
    public int Threads => Volatile.Read(ref _threads);

    /// <summary>Threads that wait for a loop.</summary>
    public int Spares
    {
        get
        {
            lock (_lock)
            {
                return _spares.Count;
            }
        }
    }

    /// <summary>Runs every loop on a thread of its own, and begins to look.</summary>
    public void Start()
    {
        foreach (var loop in _loops)
        {
            _threads++;
            new LoopThread(this).Give(loop);
        }
        CountFree();
        new Thread(Look) { IsBackground = true, Name = "loop watch" }.Start();
    }

    /// <summary>A loop is about to run something: it must not be forgotten there.</summary>
    public void Notice()
    {
        if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0)
        {
            _wake.Set();
        }
    }

    /// <summary>Ends the loops, as soon as each comes out of what it is inside of.</summary>
    public void Stop()
    {
        _stopping = true;
        _wake.Set();
        foreach (var loop in _loops)
        {
            loop.Stop();
        }
        lock (_lock)
        {
            foreach (var spare in _spares)
            {
                spare.Give(null);
            }
            _spares.Clear();
        }
    }

    /// <summary>A thread has no loop, for its own was taken while it was inside an event; false when it should end.</summary>
    public bool Keep(LoopThread thread)
    {
        lock (_lock)
        {
            var isKept = !_stopping && _spares.Count < MaxSpares;
            if (isKept)
            {
                _spares.Push(thread);
            }
            else
            {
                _threads--;
            }
            CountFree();
            return isKept;
        }
    }

    private void Look()
    {
        var seen = new long[_loops.Length];
        var idle = 0;
        _calm = CalmLooks;
        while (!_stopping)
        {
            Thread.Sleep(_options.HandOver);
            var isActive = false;
            _calm++;
            for (var i = 0; i < _loops.Length; i++)
            {
                var word = _loops[i].Word;
                isActive |= word != seen[i] || (word & 1) != 0;
                if (word == seen[i] && (word & 1) != 0)
                {
                    HandOver(_loops[i], word);
                }
                seen[i] = word;
            }
            idle = isActive ? 0 : idle + 1;
            if (idle == IdleLooks)
            {
                idle = 0;
                Interlocked.Exchange(ref _asleep, 1);
                var isQuiet = true;
                for (var i = 0; i < _loops.Length; i++)
                {
                    isQuiet &= _loops[i].Word == seen[i];
                }
                if (isQuiet && !_stopping)
                {
                    _wake.WaitOne();
                }
                Volatile.Write(ref _asleep, 0);
            }
        }
    }

    private void HandOver(EpollLoop loop, long word)
    {
        LoopThread? thread;
        lock (_lock)
        {
            if (!_spares.TryPop(out thread) && (thread = TryStart()) is null)
            {
                return;
            }
            if (!loop.TryTake(word))
            {
                if (!Keep(thread))
                {
                    thread.Give(null);
                }
                return;
            }
            CountFree();
        }
        Interlocked.Increment(ref _handOvers);
        thread.Give(loop);
    }

    // Inside the lock, or before the first look.
    private void CountFree() =>
        _isShort = _options.MaxThreads - _threads + _spares.Count <= Math.Min(_options.MaxThreads / 2, Math.Max(2 * _loops.Length, _options.MaxThreads / 8));

    // Null when there may be no more, or the system has none. That is said once, not each time that one of many comes out and the next goes in.
    private LoopThread? TryStart()
    {
        var isNews = _calm >= CalmLooks;
        if (_threads >= _options.MaxThreads)
        {
            _calm = 0;
            Interlocked.Increment(ref _refused);
            if (isNews)
            {
                _log.OutOfThreads(_threads);
            }
            return null;
        }
        try
        {
            var thread = new LoopThread(this);
            _threads++;
            return thread;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            _calm = 0;
            if (isNews)
            {
                _log.NoThread(_threads, e);
            }
            return null;
        }
    }
}
