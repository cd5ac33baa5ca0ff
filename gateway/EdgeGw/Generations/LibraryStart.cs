using System.Diagnostics;
using EdgeGw.Interop;

namespace EdgeGw.Generations;

/// <summary>The start of one library on a thread of its own: it is foreign code and may never come back. Its thread is lost then, and counted as its version's until it does.</summary>
internal sealed class LibraryStart
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly HandlerVersion _version;
    private readonly Thread _thread;
    private LoadedLibrary? _library;
    private LoadCost _cost;
    private Exception? _failure;
    private bool _hasEnded;
    private bool _isLost;
    private volatile int _threadId;

    private LibraryStart(string path, HandlerVersion version, long heapBytes)
    {
        (_path, _version) = (path, version);
        _thread = new Thread(() => Run(heapBytes)) { IsBackground = true, Name = "load " + Path.GetFileName(path) };
    }

    /// <summary>The kernel's number of its thread, once it runs.</summary>
    public int ThreadId => _threadId;

    /// <summary>Begins to load and initialise a library for a version.</summary>
    public static LibraryStart Begin(string path, HandlerVersion version, long heapBytes)
    {
        var start = new LibraryStart(path, version, heapBytes);
        start._thread.Start();
        return start;
    }

    /// <summary>Waits for its end; false when it is given up instead.</summary>
    public bool Ends(int timeoutMs)
    {
        if (_thread.Join(timeoutMs))
        {
            return true;
        }
        lock (_lock)
        {
            if (_hasEnded)
            {
                return true;
            }
            _isLost = true;
            _version.Usage.AddLostThread(1);
        }
        LoadedLibrary.GiveUp(_path);
        return false;
    }

    /// <summary>What came of it, after its end.</summary>
    /// <exception cref="LoadFailure">It cannot be used, and why.</exception>
    public (LoadedLibrary Library, LoadCost Cost) Result() =>
        _failure is null ? (_library!, _cost) : throw (_failure as LoadFailure ?? new LoadFailure(_failure.Message));

    private void Run(long heapBytes)
    {
        _threadId = ThreadClock.CurrentThread;
        try
        {
            // Measured on this thread, so that it counts itself neither as added nor as gone.
            var before = ProcessFigures.Read();
            var started = Stopwatch.GetTimestamp();
            _library = LoadedLibrary.Load(_path, _version.Ordinal, heapBytes);
            var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            var after = ProcessFigures.Read();
            _cost = new LoadCost(milliseconds, after.ResidentBytes - before.ResidentBytes, after.Threads - before.Threads);
        }
        catch (Exception e)
        {
            _failure = e;
        }
        lock (_lock)
        {
            _hasEnded = true;
            if (_isLost)
            {
                _version.Usage.AddLostThread(-1);
            }
        }
    }
}
