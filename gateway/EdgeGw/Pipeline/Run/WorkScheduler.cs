using System.Collections.Concurrent;
using EdgeGw.Abi;
using EdgeGw.Calls;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Run;

/// <summary>Runs the work that handlers hand over, on .NET's thread pool, which <see cref="PoolWatch"/> keeps large enough.</summary>
/// <param name="context">What all share.</param>
/// <param name="limit">Pieces of work that may wait at once.</param>
internal sealed class WorkScheduler(PipelineContext context, int limit)
{
    private readonly ConcurrentQueue<Item> _heldBack = new();
    private int _waiting;
    private int _inReserve;

    /// <summary>Pieces of work waiting, those that are held back included.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Pieces of work held back since threads are short and their handler holds some.</summary>
    public int HeldBack => _heldBack.Count;

    /// <summary>post, by a version of this ordinal.</summary>
    public AbiResult Post(ushort version, WorkCallback work)
    {
        if (!TryCount())
        {
            return AbiResult.Busy;
        }
        ThreadPool.UnsafeQueueUserWorkItem(new Item(this, version, work), preferLocal: true);
        return AbiResult.Ok;
    }

    /// <summary>post_after.</summary>
    public AbiResult PostAfter(ushort version, uint milliseconds, WorkCallback work)
    {
        if (milliseconds > 86_400_000)
        {
            return AbiResult.InvalidArgument;
        }
        if (!TryCount())
        {
            return AbiResult.Busy;
        }
        var item = new Item(this, version, work);
        // The item holds the timer: nobody else does, and a collected timer never fires.
        item.Timer = new Timer(static state => ((Item)state!).Execute(), item, Timeout.Infinite, Timeout.Infinite);
        item.Timer.Change(milliseconds, Timeout.Infinite);
        return AbiResult.Ok;
    }

    /// <summary>Threads are not short: what was held back goes on.</summary>
    public void GoOn()
    {
        while (TryGoOnWithOne())
        {
        }
    }

    private bool TryGoOnWithOne() => _heldBack.TryDequeue(out var item) && ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);

    private bool TryCount()
    {
        if (Interlocked.Increment(ref _waiting) <= limit)
        {
            return true;
        }
        Interlocked.Decrement(ref _waiting);
        return false;
    }

    private bool IsShortFor(ushort version) =>
        context.Pool is { IsShort: true } && context.Versions.Find(version) is { } own && CallSlots.Holds(own, Environment.ProcessorCount);

    // Work of a handler that holds most threads may be what those wait for, so it is not kept out: half of what is left is for it.
    private bool TryUseReserve(Item item)
    {
        var most = context.Pool!.Reserve / 2;
        if (Interlocked.Increment(ref _inReserve) <= most)
        {
            return true;
        }
        Interlocked.Decrement(ref _inReserve);
        _heldBack.Enqueue(item);
        // Threads may have come back just before: who notices that looks at the queue after it, and this one the other way round.
        Interlocked.MemoryBarrier();
        if (!context.Pool.IsShort || Volatile.Read(ref _inReserve) < most)
        {
            TryGoOnWithOne();
        }
        return false;
    }

    private sealed class Item(WorkScheduler owner, ushort version, WorkCallback work) : IThreadPoolWorkItem
    {
        public Timer? Timer { get; set; }

        public void Execute()
        {
            Timer?.Dispose();
            var usesReserve = owner.IsShortFor(version);
            if (usesReserve && !owner.TryUseReserve(this))
            {
                return;
            }
            Interlocked.Decrement(ref owner._waiting);
            var outer = CallSlots.EnterFor(version);
            work.Invoke();
            CallSlots.Leave(outer);
            if (usesReserve)
            {
                Interlocked.Decrement(ref owner._inReserve);
                owner.TryGoOnWithOne();
            }
        }
    }
}
