using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>The C part of the program (<c>Native/fatal.c</c>): it sees the signal that ends the process after every runtime in it has declined it. Only in the published program; a program
/// that is compiled as it runs has no C part, and its death leaves the slots alone.</summary>
internal static unsafe partial class FatalSignals
{
    private static readonly int* s_forked = (int*)NativeMemory.AllocZeroed(sizeof(int));
    private static int* s_isForked = s_forked;

    /// <summary>Whether this is a child that a library forked.</summary>
    public static bool IsForked
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => *s_isForked != 0;
    }

    /// <summary>Writes how the process ends there, and the stack of the thread that ends it.</summary>
    public static void Watch(byte* fatal, byte* stack, int stackBytes)
    {
        try
        {
            s_isForked = Begin(fatal, stack, (uint)stackBytes);
        }
        catch (DllNotFoundException)
        {
            // compiled as it runs
        }
    }

    /// <summary>Gives this thread a stack for signal handlers when it has none: else one that has used up its stack dies unseen. <paramref name="kept"/> is one that an ended thread had, or
    /// null; gives the one to keep for the next.</summary>
    public static void* GiveStack(void* kept) => s_isForked == s_forked ? null : Stack(kept);

    [LibraryImport("edgegw_fatal", EntryPoint = "edgegw_fatal_stack")]
    private static partial void* Stack(void* kept);

    [LibraryImport("edgegw_fatal", EntryPoint = "edgegw_fatal_watch")]
    private static partial int* Begin(byte* fatal, byte* stack, uint stackBytes);
}
