using System.Diagnostics;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;

namespace EdgeGw.Calls;

/// <summary>Looks at what every thread is inside of: adds up processor time, counts threads that are held, and gives up those that stay long after anybody waits for them. One thread, the
/// watchdog's, looks.</summary>
internal sealed class CallWatch(PipelineContext context)
{
    /// <summary>How long between two looks while something runs: 100 samples a second.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(10);

    // Looks without a call before the watch looks less often: half a second.
    private const int CalmLooks = 50;
    private const int PruneEvery = 200;

    // Inside one call for longer than two looks is "held".
    private static readonly long s_held = Stopwatch.Frequency / 50;

    private readonly List<HandlerUsage> _holding = [];
    private long _last = Stopwatch.GetTimestamp();
    private int _calm = CalmLooks;
    private int _looks;

    /// <summary>Looks once. True while there is something to look at often.</summary>
    public bool Look(long now)
    {
        var elapsed = (now - _last) * (1_000_000_000 / Stopwatch.Frequency);
        _last = now;
        if (++_looks % PruneEvery == 0)
        {
            CallSlots.Prune();
        }
        var isActive = false;
        foreach (var slot in CallSlots.All)
        {
            isActive |= LookAt(slot, now, elapsed);
        }
        Publish();
        _calm = isActive ? 0 : Math.Min(_calm + 1, CalmLooks);
        return _calm < CalmLooks;
    }

    /// <summary>Whether a thread is inside a call for that exchange.</summary>
    public static bool IsInside(ulong call)
    {
        foreach (var slot in CallSlots.All)
        {
            if (slot.Call == call)
            {
                return true;
            }
        }
        return false;
    }

    private bool LookAt(CallSlot slot, long now, long elapsed)
    {
        var (call, sequence) = (slot.Call, slot.Sequence);
        var isSame = call != 0 && sequence == slot.SeenSequence && slot.SeenSince != 0;
        if (!isSame && slot.LostTo is { } lost)
        {
            slot.LostTo = null;
            lost.Usage.AddLostThread(-1);
            context.Log.Write(Level.Warning, lost.Config.Name, $"Thread {slot.ThreadId}, which was given up inside {lost}, has come back.");
        }
        var isNew = sequence != slot.SeenSequence;
        slot.SeenSequence = sequence;
        if (call == 0)
        {
            slot.SeenSince = 0;
            return isNew;
        }
        if (context.Versions.Find(ExchangeId.Version(call)) is not { } version)
        {
            return false;
        }
        var cpu = ThreadClock.Nanoseconds(slot.ThreadId);
        // What it used since it was last seen inside may have been for others: at most the time since the last look counts, as one sample.
        version.Usage.AddCpu(Math.Clamp(cpu - slot.SeenCpu, 0, elapsed));
        slot.SeenCpu = cpu;
        if (!isSame)
        {
            slot.SeenSince = now;
            slot.UnwantedSince = 0;
            return true;
        }
        if (now - slot.SeenSince > s_held && version.Usage.Counting++ == 0)
        {
            _holding.Add(version.Usage);
        }
        if (slot.LostTo is null && IsPastHardDeadline(slot, call, version, now))
        {
            GiveUp(slot, call, version, now);
        }
        return true;
    }

    // Those that held threads at the last look, or do now.
    private void Publish()
    {
        for (var i = _holding.Count - 1; i >= 0; i--)
        {
            var usage = _holding[i];
            usage.BlockedThreads = usage.Counting;
            if (usage.Counting == 0)
            {
                _holding.RemoveAt(i);
            }
        }
        foreach (var usage in _holding)
        {
            usage.Counting = 0;
        }
    }

    private bool IsPastHardDeadline(CallSlot slot, ulong call, HandlerVersion version, long now)
    {
        if (version.HardDeadlineTicks == 0)
        {
            return false;
        }
        if (slot.UnwantedSince == 0)
        {
            if (!IsUnwanted(slot, call, now))
            {
                return false;
            }
            slot.UnwantedSince = now;
        }
        return now - slot.UnwantedSince >= version.HardDeadlineTicks;
    }

    // Nobody waits for a call whose request was answered in its place, or has ended. Work for no request has the gateway's own deadline.
    private bool IsUnwanted(CallSlot slot, ulong call, long now)
    {
        if (ExchangeId.IsForNobody(call))
        {
            return now - slot.SeenSince >= context.Limits.DeadlineMs * (Stopwatch.Frequency / 1000);
        }
        return !context.Exchanges.TryGet(call, out var exchange) || exchange.Id != call || exchange.Memory.Cancelled;
    }

    private void GiveUp(CallSlot slot, ulong call, HandlerVersion version, long now)
    {
        slot.LostTo = version;
        version.Usage.AddLostThread(1);
        var (requestId, route) = ("", "");
        if (!ExchangeId.IsForNobody(call) && context.Exchanges.TryGet(call, out var exchange) && exchange.TryGiveUp(call, out var request))
        {
            (requestId, route) = request;
        }
        var held = (long)Stopwatch.GetElapsedTime(slot.SeenSince, now).TotalMilliseconds;
        var what = route.Length > 0 ? $"a call of {route}" : "work that it had scheduled";
        context.GiveUp(version, $"{version} was taken out of service: {what} holds a thread since {held} ms and does not come back.", slot.ThreadId, requestId, route, held);
    }
}
