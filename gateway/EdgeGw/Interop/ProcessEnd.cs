using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>Ends a process that has handler libraries loaded.</summary>
internal static partial class ProcessEnd
{
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

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int exitCode);
}
