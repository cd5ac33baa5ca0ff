using EdgeGw.Interop;

namespace EdgeGw.Calls;

/// <summary>What a library says of its own garbage-collected heap. Shared by all versions that are this library under other limits.</summary>
internal sealed class HandlerMemory(StatsCallback read)
{
    private StatsCallback _read = read;
    private long _heap;
    private long _allocated;
    private long _collections;
    private long _pause;
    private volatile bool _isKnown;

    /// <summary>Whether the library has told anything yet.</summary>
    public bool IsKnown => _isKnown;

    /// <summary>Bytes in use.</summary>
    public long HeapBytes => Volatile.Read(ref _heap);

    /// <summary>Bytes allocated since the start.</summary>
    public long AllocatedBytes => Volatile.Read(ref _allocated);

    /// <summary>Collections since the start.</summary>
    public long Collections => Volatile.Read(ref _collections);

    /// <summary>How long they have stopped the library since the start.</summary>
    public long PauseNanoseconds => Volatile.Read(ref _pause);

    /// <summary>Asks the library: foreign code.</summary>
    public void Refresh()
    {
        var stats = _read.Invoke();
        Volatile.Write(ref _heap, (long)stats.HeapBytes);
        Volatile.Write(ref _allocated, (long)stats.AllocatedBytes);
        Volatile.Write(ref _collections, stats.Collections);
        Volatile.Write(ref _pause, (long)stats.PauseNanoseconds);
        _isKnown = true;
    }
}
