using System.Runtime.InteropServices;
using EdgeGw.Blame;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Tests;

/// <summary>A handler's <c>edgegw_work</c> that holds its thread until a gate opens, and counts.</summary>
internal sealed unsafe class BlockingWork : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly GCHandle _handle;
    private int _inside;
    private int _ended;

    public BlockingWork() => _handle = GCHandle.Alloc(this);

    /// <summary>Pieces of it that hold a thread.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Pieces of it that have returned.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public WorkCallback Callback(ushort version) => new(&OnWork, (void*)GCHandle.ToIntPtr(_handle), CallPhase.Work, version);

    public void Open() => _gate.Set();

    /// <summary>Holds the calling thread.</summary>
    public void Run()
    {
        Interlocked.Increment(ref _inside);
        _gate.Wait();
        Interlocked.Decrement(ref _inside);
        Interlocked.Increment(ref _ended);
    }

    public void Dispose()
    {
        _handle.Free();
        _gate.Dispose();
    }

    [UnmanagedCallersOnly]
    private static void OnWork(void* state) => ((BlockingWork)GCHandle.FromIntPtr((nint)state).Target!).Run();
}
