namespace EdgeGw.Interop;

/// <summary>Counts the requests of one version where control can read it when the worker has died. Any thread; lives as long as the process.</summary>
internal readonly unsafe struct VersionCounter
{
    private readonly long* _count;

    /// <summary>The counter of a version by its number; it goes on from where an earlier user of the number has left it, so numbers are given once.</summary>
    public VersionCounter(ushort ordinal) => _count = BlameMemory.CounterOf(ordinal);

    /// <summary>How many there were.</summary>
    public long Value => Volatile.Read(ref *_count);

    /// <summary>One more.</summary>
    public void Increment() => Interlocked.Increment(ref *_count);
}
