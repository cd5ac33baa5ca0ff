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
    private const int Interrupted = 4; // EINTR
    private const int BlockSignals = 0; // SIG_BLOCK
    private const int UnblockSignals = 1; // SIG_UNBLOCK
    private const int ExecutedName = 31; // AT_EXECFN
    private const int OneProcess = 1; // P_PID
    private const int HasExited = 4; // WEXITED
    private const int LeaveWaitable = 0x0100_0000; // WNOWAIT
    private const int ExitedByItself = 1; // CLD_EXITED
    private const int SignalHangUp = 1;
    private const int SignalInterrupt = 2;
    private const int SignalTerminate = 15;

    /// <summary>Opens or creates a file of mode 0600 for locking. Not through File.OpenHandle, which locks on its own.</summary>
    internal static SafeFileHandle OpenForLock(string path)
    {
        var descriptor = Open(path, OpenReadWrite | OpenCreate | OpenCloseOnExec, OwnerOnly);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure(path);
    }

    /// <summary>Takes the file's exclusive lock, for as long as the handle is open; false when another process holds it.</summary>
    internal static bool TryLock(SafeHandle file) => Flock(file, LockExclusive | LockNonBlocking) == 0;

    /// <summary>Whether an extended attribute of a file is "1" (getxattr(2)).</summary>
    internal static bool IsMarked(string path, string attribute)
    {
        Span<byte> value = stackalloc byte[1];
        return GetAttribute(path, attribute, value, (nuint)value.Length) == 1 && value[0] == '1';
    }

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

    /// <summary>The path that this program was started by, as execve was given it; null where the system does not tell.</summary>
    internal static string? ExecutedPath() => Marshal.PtrToStringUTF8(GetAuxiliaryValue(ExecutedName));

    /// <summary>Waits for the end of a child that no <see cref="System.Diagnostics.Process"/> stands for; its exit code, 128 plus the signal's number when one killed it. Blocks its thread.</summary>
    internal static int WaitForChild(int processId, Action ended)
    {
        // struct siginfo_t: 128 bytes; si_code is its third number; after one of padding, si_pid and si_uid, si_status is the seventh.
        Span<int> info = stackalloc int[32];
        while (WaitId(OneProcess, processId, ref MemoryMarshal.GetReference(info), HasExited | LeaveWaitable) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                return 0; // not our child: nobody can tell
            }
        }
        // Its id is its own until it is waited for once more: whoever wants to kill it must know by then.
        ended();
        _ = WaitId(OneProcess, processId, ref MemoryMarshal.GetReference(info), HasExited);
        return info[2] == ExitedByItself ? info[6] : 128 + info[6];
    }

    /// <summary>Replaces this program by another one in the same process; returns only when that fails. Signals that end or reload the gateway wait until the other one is ready for them.</summary>
    internal static void Execute(string path, string[] arguments)
    {
        ChangeSignals(BlockSignals);
        _ = Execv(path, [.. arguments, null]);
        ChangeSignals(UnblockSignals);
    }

    /// <summary>Takes the signals that waited since <see cref="Execute"/>, once there is somebody to handle them.</summary>
    internal static void TakeSignals() => ChangeSignals(UnblockSignals);

    /// <summary>Kills a process that is not our child. The caller has made sure that the id still names it.</summary>
    internal static void Kill(int processId) => _ = SendSignal(processId, SignalKill);

    /// <summary>Kills every process of a group, whose number is its leader's; nothing happens when there is none any more.</summary>
    internal static void KillGroup(int leader) => _ = SendSignal(-leader, SignalKill);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int FileControl(SafeHandle descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, Span<byte> value, nuint size);

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

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial IntPtr GetAuxiliaryValue(nuint type);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int kind, int id, ref int info, int options);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execv(string path, string?[] arguments);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SignalMask(int how, ref ulong set, IntPtr before);

    private static void ChangeSignals(int how)
    {
        // sigset_t: 128 bytes, a bit for each signal, the first one for signal 1.
        Span<ulong> set = stackalloc ulong[16];
        set.Clear();
        set[0] = (1UL << (SignalHangUp - 1)) | (1UL << (SignalInterrupt - 1)) | (1UL << (SignalTerminate - 1));
        _ = SignalMask(how, ref MemoryMarshal.GetReference(set), IntPtr.Zero);
    }

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);
    }
}
