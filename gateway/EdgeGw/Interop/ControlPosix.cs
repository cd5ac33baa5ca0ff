using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Interop;

/// <summary>The calls of the C library that the control role needs and .NET does not offer. Linux only.</summary>
internal static partial class ControlPosix
{
    internal const int GetDescriptorFlags = 1;
    internal const int SetDescriptorFlags = 2;
    internal const int CloseOnExec = 1;

    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int OpenReadWrite = 2;
    private const int OpenCreate = 0x40;
    private const int OpenCloseOnExec = 0x80000;
    private const int OwnerOnly = 0x180;
    private const int SignalKill = 9;
    private const uint MemoryCloseOnExec = 1;

    /// <summary>Opens or creates a file of mode 0600 for locking. Not through File.OpenHandle, which locks on its own.</summary>
    internal static SafeFileHandle OpenForLock(string path)
    {
        var descriptor = Open(path, OpenReadWrite | OpenCreate | OpenCloseOnExec, OwnerOnly);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure(path);
    }

    /// <summary>Takes the file's exclusive lock, for as long as the handle is open; false when another process holds it.</summary>
    internal static bool TryLock(SafeHandle file) => Flock(file, LockExclusive | LockNonBlocking) == 0;

    /// <summary>Makes the names in a folder durable. Throws <see cref="IOException"/> whose HResult is the errno.</summary>
    internal static void SyncDirectory(string path)
    {
        var descriptor = Open(path, OpenCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Failure(path);
        }
        try
        {
            if (FSync(descriptor) != 0)
            {
                throw Failure(path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>A file of that many zeros in memory that has no name; a child gets it only by inheritance.</summary>
    internal static SafeFileHandle CreateMemory(string purpose, long bytes)
    {
        var descriptor = MemoryFile(purpose, MemoryCloseOnExec);
        var memory = descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure(purpose);
        RandomAccess.SetLength(memory, bytes);
        return memory;
    }

    /// <summary>Kills a process that is not our child. The caller has made sure that the id still names it.</summary>
    internal static void Kill(int processId) => _ = SendSignal(processId, SignalKill);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FileControl(SafeHandle descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeHandle descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);
    }
}
