using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>Ends a process that has handler libraries loaded.</summary>
internal static partial class ProcessEnd
{
    private const int Abort = 6;

    // Much longer than a signal takes: one that is not taken by then never is.
    private static readonly TimeSpan s_signalled = TimeSpan.FromSeconds(2);

    /// <summary>Ends this process at once with an exit code. An ordinary exit runs the exit handlers of every library while the threads of its runtime are still at work, and one of them
    /// may touch what is gone. (A scout that had written a good report was once reported dead of SIGSEGV; 1,650 more did not show it again, so that this is the likely cause, not a
    /// proven one.) What must be written is written before.</summary>
    public static int Now(int exitCode)
    {
        if (!OperatingSystem.IsWindows())
        {
            Exit(exitCode);
        }
        return exitCode;
    }

    /// <summary>Ends this process at once by SIGABRT in one of its threads, so that the report of its end shows where that thread was.</summary>
    /// <param name="thread">The kernel's number of the thread.</param>
    public static void ByThread(int thread)
    {
        if (OperatingSystem.IsLinux() && SignalThread(Environment.ProcessId, thread, Abort) == 0)
        {
            Thread.Sleep(s_signalled);
        }
        _ = Now(128 + Abort); // the thread has ended, or takes no signals
    }

    [LibraryImport("libc", EntryPoint = "tgkill")]
    private static partial int SignalThread(int process, int thread, int signal);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int exitCode);
}
