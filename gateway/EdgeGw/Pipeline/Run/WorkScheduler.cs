using EdgeGw.Abi;
using EdgeGw.Calls;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Run;

/// <summary>Runs the work that handlers hand over, on the gateway's thread pool.</summary>
/// <param name="limit">Pieces of work that may wait at once.</param>
internal sealed class WorkScheduler(int limit)
{
    private int _waiting;

    /// <summary>Pieces of work waiting.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

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

    private bool TryCount()
    {
        if (Interlocked.Increment(ref _waiting) <= limit)
        {
            return true;
        }
        Interlocked.Decrement(ref _waiting);
        return false;
    }

    private sealed class Item(WorkScheduler owner, ushort version, WorkCallback work) : IThreadPoolWorkItem
    {
        public Timer? Timer { get; set; }

        public void Execute()
        {
            Timer?.Dispose();
            Interlocked.Decrement(ref owner._waiting);
            var outer = CallSlots.EnterFor(version);
            work.Invoke();
            CallSlots.Leave(outer);
        }
    }
}
