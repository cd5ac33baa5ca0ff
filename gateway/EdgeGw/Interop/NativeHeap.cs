using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>The heap of the C library, which the runtime, OpenSSL, SQLite and handlers in C allocate from.</summary>
internal static partial class NativeHeap
{
    /// <summary>Gives the pages of it that nobody uses back to the system (malloc_trim(3)); any thread. Does nothing where the C library is not glibc.</summary>
    public static void Trim()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library keeps what it keeps.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint kept);
}
