using System.Collections.Concurrent;

namespace EdgeGw.Testing.Interop;

/// <summary>What services keep open for one exchange. All of it is closed at the exchange's end.</summary>
internal sealed class FakeOpens
{
    private static ulong s_last;

    private readonly ConcurrentDictionary<ulong, Entry> _all = new();

    public sealed class Entry(FakeService service, object state, Action? closed)
    {
        private int _isInside;

        public FakeService Service { get; } = service;

        public object State { get; } = state;

        public Action? Closed { get; } = closed;

        public bool TryEnter() => Interlocked.Exchange(ref _isInside, 1) == 0;

        public void Leave() => Volatile.Write(ref _isInside, 0);
    }

    /// <param name="service">Whose it is.</param>
    /// <param name="state">What is open.</param>
    /// <param name="closed">What happens when it is closed, or the exchange ends; not when it is removed.</param>
    public ulong Add(FakeService service, object state, Action? closed)
    {
        var id = Interlocked.Increment(ref s_last);
        _all[id] = new Entry(service, state, closed);
        return id;
    }

    public Entry? Find(ulong open) => _all.GetValueOrDefault(open);

    public bool Remove(ulong open) => _all.TryRemove(open, out _);

    public bool Close(ulong open)
    {
        if (!_all.TryRemove(open, out var entry))
            return false;
        entry.Closed?.Invoke();
        return true;
    }

    public void CloseAll()
    {
        foreach (var open in _all.Keys)
            Close(open);
    }
}
