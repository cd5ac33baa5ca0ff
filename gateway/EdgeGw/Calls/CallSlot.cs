using EdgeGw.Generations;

namespace EdgeGw.Calls;

/// <summary>What one thread is inside of. Written by that thread with two plain stores around each call into a library, read by the watch.</summary>
internal sealed class CallSlot(int threadId, Thread thread)
{
    private ulong _call;
    private long _sequence;

    /// <summary>The thread, as the system knows it.</summary>
    public int ThreadId { get; } = threadId;

    /// <summary>Whether the thread still runs.</summary>
    public bool IsAlive => thread.IsAlive;

    /// <summary>Whether the thread is one of .NET's pool.</summary>
    public bool IsPooled { get; } = thread.IsThreadPoolThread;

    /// <summary>The exchange that the call is for, the library's version in it (<see cref="Pipeline.ExchangeId"/>); 0: inside no library.</summary>
    public ulong Call => Volatile.Read(ref _call);

    /// <summary>Counts the calls: the same value twice, and a call, means the same call.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>The watch's own: the sequence it saw last.</summary>
    public long SeenSequence { get; set; }

    /// <summary>The watch's own: since when it sees that call, in timestamp ticks; 0: none.</summary>
    public long SeenSince { get; set; }

    /// <summary>The watch's own: since when nobody waits for that call any more; 0: somebody does.</summary>
    public long UnwantedSince { get; set; }

    /// <summary>The watch's own: the thread's processor time at the last look inside a call.</summary>
    public long SeenCpu { get; set; }

    /// <summary>The watch's own: the version that this thread was lost to.</summary>
    public HandlerVersion? LostTo { get; set; }

    /// <summary>The pool watch's own: the sequence it saw last.</summary>
    public long PoolSequence { get; set; }

    /// <summary>A call begins; gives the call that it is nested in, if any.</summary>
    public ulong Enter(ulong call)
    {
        var outer = _call;
        if (outer == 0)
        {
            _sequence++;
        }
        // The sequence before the call: who sees the call sees its number too.
        Volatile.Write(ref _call, call);
        return outer;
    }

    /// <summary>A call ends.</summary>
    public void Leave(ulong outer) => Volatile.Write(ref _call, outer);
}
