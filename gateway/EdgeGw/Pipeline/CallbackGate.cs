using EdgeGw.Calls;

namespace EdgeGw.Pipeline;

/// <summary>Keeps the promise that no callback of an exchange runs once complete() has returned: callbacks pass through it, and closing it waits for those of other threads.</summary>
internal sealed class CallbackGate
{
    [ThreadStatic]
    private static CallbackGate? t_inside;

    [ThreadStatic]
    private static int t_depth;

    private ulong _id;
    private int _running;

    /// <summary>Opens it for an exchange.</summary>
    public void Open(ulong id) => Volatile.Write(ref _id, id);

    /// <summary>Whether the exchange is still this one.</summary>
    public bool IsOpenFor(ulong id) => Volatile.Read(ref _id) == id;

    /// <summary>Enters before a callback; false when the exchange is over.</summary>
    public bool TryEnter(ulong id, out (CallbackGate?, int, ulong) outer)
    {
        outer = (t_inside, t_depth, 0);
        if (id == 0)
        {
            return false; // what a closed gate and a closed exchange have in common
        }
        // Count first, then look; Close() writes first, then looks at the count. Both with a full fence: one of the two sees the other.
        Interlocked.Increment(ref _running);
        if (Volatile.Read(ref _id) != id)
        {
            Interlocked.Decrement(ref _running);
            return false;
        }
        t_depth = ReferenceEquals(t_inside, this) ? t_depth + 1 : 1;
        t_inside = this;
        outer.Item3 = CallSlots.Enter(id);
        return true;
    }

    /// <summary>Leaves after a callback.</summary>
    public void Exit((CallbackGate?, int, ulong) outer)
    {
        CallSlots.Leave(outer.Item3);
        (t_inside, t_depth, _) = outer;
        Interlocked.Decrement(ref _running);
    }

    /// <summary>Lets no callback in any more and waits for those that run on other threads (they never block).</summary>
    public void Close()
    {
        Interlocked.Exchange(ref _id, 0);
        if (Volatile.Read(ref _running) == 0)
        {
            return;
        }
        var own = ReferenceEquals(t_inside, this) ? t_depth : 0;
        var spin = default(SpinWait);
        while (Volatile.Read(ref _running) > own)
        {
            spin.SpinOnce();
        }
    }
}
