namespace EdgeGw.Testing.Interop;

/// <summary>A timer that fires once and keeps itself alive until then.</summary>
internal sealed class FakeTimer
{
    private readonly Action _work;
    private ITimer? _timer;

    private FakeTimer(Action work) => _work = work;

    public static void Start(TimeProvider time, TimeSpan delay, Action work)
    {
        var timer = new FakeTimer(work);
        timer._timer = time.CreateTimer(static s => ((FakeTimer)s!).Fire(), timer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer._timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        _timer?.Dispose();
        _work();
    }
}
