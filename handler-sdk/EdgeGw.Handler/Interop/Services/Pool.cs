namespace EdgeGw.Interop;

/// <summary>Idle objects for reuse, by any thread: what one thread rents, the thread that calls back gives. What does not fit is left to the collector.</summary>
internal sealed class Pool<T>(int capacity) where T : class
{
    private readonly T?[] _rest = new T?[capacity - 1];
    private T? _first; // most of the time there is one, and this spares the walk

    public T? TryTake()
    {
        if (Interlocked.Exchange(ref _first, null) is { } first)
            return first;
        foreach (ref var slot in _rest.AsSpan())
        {
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } item)
                return item;
        }
        return null;
    }

    /// <summary>False when the pool is full.</summary>
    public bool TryGive(T item)
    {
        if (Interlocked.CompareExchange(ref _first, item, null) is null)
            return true;
        foreach (ref var slot in _rest.AsSpan())
        {
            if (slot is null && Interlocked.CompareExchange(ref slot, item, null) is null)
                return true;
        }
        return false;
    }
}
