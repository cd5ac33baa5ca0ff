using System.Diagnostics.CodeAnalysis;

namespace EdgeGw.Transport;

/// <summary>A thread that runs one loop after the other.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has no wait handle, and is the thread's to its end.")]
internal sealed class LoopThread
{
    private readonly LoopWatch _watch;
    private readonly SemaphoreSlim _given = new(0, 1);
    private EpollLoop? _loop;

    /// <summary>Begins to wait for a loop.</summary>
    public LoopThread(LoopWatch watch)
    {
        _watch = watch;
        new Thread(Run) { IsBackground = true, Name = "loop" }.Start();
    }

    /// <summary>The loop to run next; null to end.</summary>
    public void Give(EpollLoop? loop)
    {
        _loop = loop;
        _given.Release();
    }

    private void Run()
    {
        while (true)
        {
            _given.Wait();
            if (_loop is not { } loop)
            {
                return;
            }
            _loop = null;
            if (loop.Run(_watch))
            {
                // Stopped: nobody else has it or will get it.
                loop.Dispose();
                return;
            }
            if (!_watch.Keep(this))
            {
                return;
            }
        }
    }
}
