using EdgeGw.Control.Crashes;
using EdgeGw.Interop;

namespace EdgeGw.Bench;

/// <summary>What control shares with a worker, so that the calls and requests are written down as in one.</summary>
internal static class SharedMemory
{
    /// <summary>Opens new memory in this process; what was opened before stays mapped.</summary>
    public static void Open()
    {
        var memory = new CrashMemory(threads: 64, requests: 64);
        BlameMemory.Open((int)memory.Handle.DangerousGetHandle());
        memory.Handle.SetHandleAsInvalid(); // the descriptor is closed
    }
}
