using EdgeGw.Transport.Interop;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Transport;

/// <summary>Waits for the events of its connections and runs what they bring, one after the other. One thread at a time has it; when that one is inside something that blocks, another
/// takes it over and goes on behind the event that the first one is at.</summary>
internal sealed class EpollLoop : IDisposable
{
    private const int EventsAtOnce = 256;

    private readonly Epoll _epoll = new(EventsAtOnce);
    private readonly Lock _lock = new();
    private readonly Stack<int> _freeSlots = new();
    private readonly ILogger _log;
    private volatile IEventTarget?[] _slots = new IEventTarget?[64];
    private int _usedSlots;
    private uint _generation;
    private int _count;
    private int _next;
    private volatile bool _stopping;
    private bool _isDisposed;
    private CountdownEvent? _beat;

    // Counts the events begun and ended: odd while one is inside. Taking the loop over adds one as well, so that the thread inside finds the word changed when it comes out.
    private long _word;

    /// <summary>A loop that nobody runs yet.</summary>
    public EpollLoop(ILogger log) => _log = log;

    /// <summary>Sockets on it.</summary>
    public int Sockets
    {
        get
        {
            lock (_lock)
            {
                return _usedSlots - _freeSlots.Count;
            }
        }
    }

    /// <summary>Odd while an event is inside; the same value twice means the same event.</summary>
    public long Word => Volatile.Read(ref _word);

    /// <summary>Runs until it is stopped or taken over; false when it was taken over.</summary>
    public bool Run(LoopWatch watch)
    {
        var word = Volatile.Read(ref _word);
        while (!_stopping)
        {
            if (_next == _count)
            {
                (_next, _count) = (0, 0);
                _count = _epoll.Wait();
                continue;
            }
            var (events, data) = _epoll[_next++];
            // Exchanged, not written: the watch must see that it is inside before this thread sees that the watch sleeps.
            Interlocked.Exchange(ref _word, ++word);
            watch.Notice();
            Dispatch(events, data);
            if (Interlocked.CompareExchange(ref _word, word + 1, word) != word)
            {
                return false;
            }
            word++;
        }
        return true;
    }

    /// <summary>Takes the loop from the thread that is inside the event of that word; false when it has come out of it.</summary>
    public bool TryTake(long word) => Interlocked.CompareExchange(ref _word, word + 1, word) == word;

    /// <summary>Makes the thread that has it return.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopping = true;
            if (!_isDisposed)
            {
                _epoll.Wake();
            }
        }
    }

    /// <summary>Signals from inside, once the events that wait already have been run: proof that the loop goes round. One at a time.</summary>
    public void Beat(CountdownEvent beat)
    {
        Volatile.Write(ref _beat, beat);
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _epoll.Wake();
            }
        }
    }

    /// <summary>Reports the events of a socket from now on, those that are there already included. Throws <see cref="IOException"/> where the system has no room for one more.</summary>
    public void Add(IEventTarget target)
    {
        lock (_lock)
        {
            if (!_freeSlots.TryPop(out var slot))
            {
                slot = _usedSlots++;
                if (slot == _slots.Length)
                {
                    var slots = _slots;
                    Array.Resize(ref slots, slot * 2);
                    _slots = slots;
                }
            }
            // Events that were collected for an earlier user of this slot carry another id.
            target.Id = ((ulong)(++_generation & 0x7fff_ffff) << 32) | (uint)slot;
            _slots[slot] = target;
            try
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                _epoll.Watch(target.Socket, target.Id);
            }
            catch
            {
                Free(slot);
                throw;
            }
        }
    }

    /// <summary>Reports the state of a socket once more, after the events that wait already.</summary>
    public void Requeue(IEventTarget target)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _epoll.WatchAgain(target.Socket, target.Id);
            }
        }
    }

    /// <summary>Forgets a socket that is about to be closed.</summary>
    public void Remove(IEventTarget target)
    {
        lock (_lock)
        {
            Free((int)(uint)target.Id);
            // What is left after the loop's end must not reach a descriptor that has its number now.
            if (!_isDisposed)
            {
                _epoll.Forget(target.Socket);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _epoll.Dispose();
            }
        }
    }

    private void Free(int slot)
    {
        _slots[slot] = null;
        _freeSlots.Push(slot);
    }

    private void Woken()
    {
        _epoll.Calm(); // a stop is seen all the same: it is marked before its wake
        if (Interlocked.Exchange(ref _beat, null) is { } beat)
        {
            beat.Signal();
        }
    }

    private void Dispatch(uint events, ulong data)
    {
        try
        {
            if (data == Epoll.WakeData)
            {
                Woken();
            }
            else if (_slots is var slots && (uint)data < (uint)slots.Length && slots[(uint)data] is { } target && target.Id == data)
            {
                target.OnEvents(events);
            }
        }
        catch (Exception e)
        {
            // Pipes keep what their users throw; whatever comes through anyway must not end the loop of all the others.
            _log.EventFailed(e);
        }
    }
}
