using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Pipeline;

namespace EdgeGw.Calls;

/// <summary>Which thread is inside which library: every call into one passes by here. Two stores and a look at a thread-static on the request's way; no lock, no clock.</summary>
internal static class CallSlots
{
    private static readonly Lock s_lock = new();
    private static CallSlot[] s_all = [];

    [ThreadStatic]
    private static CallSlot? t_slot;

    /// <summary>The slots of all threads that have ever been inside a library, ended ones until <see cref="Prune"/>.</summary>
    public static ReadOnlySpan<CallSlot> All => Volatile.Read(ref s_all);

    /// <summary>This thread enters a library on behalf of an exchange. Gives what to leave with.</summary>
    public static ulong Enter(ulong call)
    {
        var slot = t_slot ?? Register();
        var outer = slot.Enter(call);
        if (slot.IsPooled)
        {
            PoolWatch.Notice();
        }
        return outer;
    }

    /// <summary>This thread enters a library on nobody's behalf.</summary>
    public static ulong EnterFor(ushort version) => Enter(ExchangeId.Compose(0, version, 0));

    /// <summary>This thread comes out.</summary>
    public static void Leave(ulong outer) => t_slot!.Leave(outer);

    /// <summary>Whether a version holds threads: some that the watch has seen, or more than there are processors, which is exact where the watch is late. Looks at every thread: for
    /// when they are short.</summary>
    public static bool Holds(HandlerVersion version, int processors)
    {
        if (version.Usage.BlockedThreads > 0)
        {
            return true;
        }
        var inside = 0;
        foreach (var slot in All)
        {
            if (slot.Call is not 0 and var call && ExchangeId.Version(call) == version.Ordinal && ++inside >= processors)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Forgets threads that have ended.</summary>
    public static void Prune()
    {
        lock (s_lock)
        {
            if (Array.Exists(s_all, static slot => !slot.IsAlive))
            {
                Volatile.Write(ref s_all, Array.FindAll(s_all, static slot => slot.IsAlive));
            }
        }
    }

    private static CallSlot Register()
    {
        var slot = t_slot = new CallSlot(ThreadClock.CurrentThread, Thread.CurrentThread);
        lock (s_lock)
        {
            Volatile.Write(ref s_all, [.. s_all, slot]);
        }
        return slot;
    }
}
