namespace EdgeGw.Generations;

/// <summary>Every version this worker has loaded or tried to, by ordinal: libraries are never unloaded, so neither is their entry.</summary>
internal sealed class VersionLedger
{
    /// <summary>The most versions of one worker: what fits an exchange id.</summary>
    public const int MaxVersions = ushort.MaxValue;

    private readonly Lock _lock = new();
    private HandlerVersion?[] _versions = new HandlerVersion?[64];
    private int _count = 1; // ordinal 0 means none

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyList<HandlerVersion> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _versions.Take(_count).OfType<HandlerVersion>()];
            }
        }
    }

    /// <summary>The version of an ordinal.</summary>
    public HandlerVersion? Find(ushort ordinal)
    {
        var versions = Volatile.Read(ref _versions);
        return ordinal < versions.Length ? versions[ordinal] : null;
    }

    /// <summary>Adds a version under the next ordinal; null when there is none left.</summary>
    public HandlerVersion? Add(Func<ushort, HandlerVersion> create)
    {
        lock (_lock)
        {
            if (_count > MaxVersions)
            {
                return null;
            }
            if (_count == _versions.Length)
            {
                var larger = new HandlerVersion?[_versions.Length * 2];
                _versions.CopyTo(larger, 0);
                Volatile.Write(ref _versions, larger);
            }
            var version = create((ushort)_count);
            Volatile.Write(ref _versions[_count++], version);
            return version;
        }
    }
}
