using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>
/// Brings continuations to the gateway's threads, so that a library which only awaits never wakes its own thread pool. There is one per library:
/// a continuation that captured it runs inline when the thread is already under it. It does not serialize anything.
/// </summary>
internal sealed unsafe class GatewaySynchronizationContext : SynchronizationContext
{
    private readonly LibraryInstance _library;

    public GatewaySynchronizationContext(LibraryInstance library)
    {
        _library = library;
        Default = this;
    }

    /// <summary>The way to a gateway thread for who captured none. A native library has one gateway; under a fake host, any will do.</summary>
    public static GatewaySynchronizationContext Default { get; private set; } = null!;

    private sealed record Work(GatewaySynchronizationContext Context, SendOrPostCallback Callback, object? State);

    public override SynchronizationContext CreateCopy() => this;

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override void Post(SendOrPostCallback d, object? state)
    {
        var work = new Work(this, d, state);
        var handle = GCHandle.Alloc(work);
        if (_library.Post(&Run, GCHandle.ToIntPtr(handle)))
            return;
        // The gateway is full. A continuation that is dropped is a request that never ends: the library's own pool has to take it.
        handle.Free();
        ThreadPool.UnsafeQueueUserWorkItem(static w => w.Context.Run(w), work, preferLocal: false);
    }

    [UnmanagedCallersOnly]
    private static void Run(void* state)
    {
        var handle = GCHandle.FromIntPtr((nint)state);
        var work = (Work)handle.Target!;
        handle.Free();
        work.Context.Run(work);
    }

    private void Run(Work work)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            work.Callback(work.State);
        }
        catch (Exception e)
        {
            // What an `async void` method throws ends up here: it belongs to no request, and must not cross the ABI.
            Report("An exception left code that nothing awaits.", e);
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    /// <summary>Logs what must not be lost and cannot be thrown.</summary>
    public void Report(string sentence, Exception e)
    {
        try
        {
            _library.WriteLog(LogLevel.Critical, null, $"{sentence}\n{e}");
        }
        catch (OutOfMemoryException)
        {
            // Nothing can be said without memory.
        }
    }
}
