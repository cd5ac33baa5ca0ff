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

    private readonly ITimer _timer;
    private TimeSpan _used;
    private bool _given;

    /// <summary>Begins to look, once a second, for as long as it lives.</summary>
    public IdleMemory(TimeProvider time) => _timer = time.CreateTimer(static self => ((IdleMemory)self!).Look(), this, s_period, s_period);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var used = Environment.CpuUsage.TotalTime;
        var isIdle = used - _used < s_idle;
        _used = used;
        if (isIdle && !_given)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            var files = LoadedLibrary.Files();
            files.Add(Environment.ProcessPath!);
            CodePages.Release(files);
            _used = Environment.CpuUsage.TotalTime;
        }
        _given = isIdle;
    }
}
