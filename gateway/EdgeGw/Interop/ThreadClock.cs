using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>Threads as the system knows them: their numbers, and the processor time they have used. Linux only; zeros elsewhere.</summary>
internal static unsafe partial class ThreadClock
{
    // How Linux names the clock of a thread of this process: its number's complement, and "per thread, scheduler's".
    private const int PerThreadScheduler = 6;

    /// <summary>The number of the calling thread.</summary>
    public static int CurrentThread => OperatingSystem.IsLinux() ? GetThreadId() : 0;

    /// <summary>Nanoseconds of processor time of a thread of this process; 0 when it has ended.</summary>
    public static long Nanoseconds(int threadId)
    {
        if (!OperatingSystem.IsLinux() || threadId == 0)
        {
            return 0;
        }
        TimeSpec time;
        return GetTime((~threadId << 3) | PerThreadScheduler, &time) == 0 ? (time.Seconds * 1_000_000_000) + time.Nanoseconds : 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, TimeSpec* time);
}
