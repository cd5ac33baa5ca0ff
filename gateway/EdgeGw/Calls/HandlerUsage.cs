namespace EdgeGw.Calls;

/// <summary>What one version uses of what all share. Written by the watch, read by metrics, status and, where said, on the request's way.</summary>
internal sealed class HandlerUsage
{
    private long _cpu;
    private int _blocked;
    private int _lostThreads;
    private int _lostRequests;
    private long _outOfMemory;

    /// <summary>Nanoseconds of processor time inside the library, by samples.</summary>
    public long CpuNanoseconds => Volatile.Read(ref _cpu);

    /// <summary>Threads that have been inside one call for longer than a look of the watch.</summary>
    public int BlockedThreads
    {
        get => Volatile.Read(ref _blocked);
        set => Volatile.Write(ref _blocked, value);
    }

    /// <summary>Threads that went in and did not come back by their hard deadline; one that comes back after all is none any more.</summary>
    public int LostThreads => Volatile.Read(ref _lostThreads);

    /// <summary>Requests that nobody waits for and that the library has not completed by their hard deadline: memory that is not given back.</summary>
    public int LostRequests => Volatile.Read(ref _lostRequests);

    /// <summary>Requests that failed because the library had reached its memory limit.</summary>
    public long OutOfMemory => Volatile.Read(ref _outOfMemory);

    /// <summary>The watch's own: threads counted in this look.</summary>
    public int Counting { get; set; }

    /// <summary>Adds a sample.</summary>
    public void AddCpu(long nanoseconds) => Interlocked.Add(ref _cpu, nanoseconds);

    /// <summary>Counts one of those.</summary>
    public void CountOutOfMemory() => Interlocked.Increment(ref _outOfMemory);

    /// <summary>A thread is lost (1), or has come back (-1).</summary>
    public void AddLostThread(int change) => Interlocked.Add(ref _lostThreads, change);

    /// <summary>A request is lost (1), or was completed after all (-1). Gives how many are.</summary>
    public int AddLostRequest(int change) => Interlocked.Add(ref _lostRequests, change);
}
