using EdgeGw.Interop;

namespace EdgeGw.Memory;

/// <summary>Gives memory back when its process has nothing to do. A start or a deploy touches most of a NativeAOT image once, and what was touched stays mapped for good: half of an
/// idle gateway's resident memory is code that is not called again. The first request after an idle time pays for it with some hundred page faults that read nothing from the disk,
/// a fraction of a millisecond.</summary>
internal sealed class IdleMemory : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    // Less CPU time than this in a period is idle: health checks and metrics do not count as work.
    private static readonly TimeSpan s_idle = s_period / 100;

    // A short piece of work, such as a small deploy, brings memory back without a second that is busy; so do timers, whose code is used again. Ten seconds apart, for giving it back takes some
    // milliseconds.
    private const long GrownBytes = 4_000_000;
    private const int Apart = 10;

    private readonly Func<IReadOnlySet<string>> _own;
    private readonly ITimer _timer;
    private TimeSpan _used;
    private bool _given;
    private long _left;
    private int _looks;

    /// <summary>Begins to look, once a second, for as long as it lives.</summary>
    /// <param name="time">Where the seconds come from.</param>
    /// <param name="own">The files of the program and of libraries that are never unmapped, beside the handlers' own: what takes the place of one that is must not be touched.</param>
    public IdleMemory(TimeProvider time, Func<IReadOnlySet<string>> own)
    {
        _own = own;
        _timer = time.CreateTimer(static self => ((IdleMemory)self!).Look(), this, s_period, s_period);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var used = Environment.CpuUsage.TotalTime;
        var isIdle = used - _used < s_idle;
        _used = used;
        if (isIdle && (!_given || ++_looks >= Apart && Environment.WorkingSet - _left > GrownBytes))
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
            var files = LoadedLibrary.Files();
            files.UnionWith(_own());
            CodePages.Release(files);
            _left = Environment.WorkingSet;
            _looks = 0;
            _used = Environment.CpuUsage.TotalTime;
        }
        _given = isIdle;
    }
}
