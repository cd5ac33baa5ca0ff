using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop.Stacks;

/// <summary>Stops one thread of a child process for as long as it takes to copy its registers and its stack (ptrace(2)). Linux on x64 and arm64.</summary>
internal static unsafe partial class ThreadTracer
{
    private const int StackBytes = 256 * 1024;

    // How long the thread may take to stop: one in an uninterruptible system call may never.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private const long Seize = 0x4206;
    private const long Interrupt = 0x4207;
    private const long Detach = 17;
    private const long GetRegisterSet = 0x4204;
    private const nint GeneralRegisters = 1;
    private const int AllThreads = 0x40000000;
    private const int DoNotHang = 1;
    private const int MaxRegisters = 64;

    /// <summary>Copies a thread's state, and lets it go on; null with a sentence when that is not possible. The calling thread waits, for a second at most.</summary>
    public static StoppedThread? TryCopy(int processId, int threadId, [NotNullWhen(false)] out string? error)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            error = "native stacks can be read on Linux on x64 and arm64 only";
            return null;
        }
        StoppedThread? copy = null;
        string? reason = null;
        // The kernel knows a tracer by its thread, and lets go of everything when that thread ends: what comes between cannot leave the worker stopped.
        var tracer = new Thread(() => copy = Trace(processId, threadId, out reason)) { IsBackground = true, Name = "stack of " + threadId };
        tracer.Start();
        tracer.Join();
        error = copy is null ? reason ?? "the thread could not be read" : null;
        return copy;
    }

    private static StoppedThread? Trace(int processId, int threadId, out string? error)
    {
        if (PTrace(Seize, threadId, 0, 0) != 0)
        {
            error = $"ptrace is not permitted here ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}): allow the system calls ptrace and process_vm_readv to the gateway";
            return null;
        }
        nint signal = 0;
        try
        {
            if (PTrace(Interrupt, threadId, 0, 0) != 0 || !WaitStopped(threadId, ref signal))
            {
                error = "the thread did not stop within a second: it is inside an uninterruptible system call";
                return null;
            }
            if (ReadRegisters(threadId) is not { } registers)
            {
                error = $"its registers cannot be read ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())})";
                return null;
            }
            error = null;
            return new StoppedThread(registers, ReadMemory(processId, registers.Stack, StackBytes));
        }
        finally
        {
            // Fails only where the thread has not stopped; then the end of this thread lets it go.
            _ = PTrace(Detach, threadId, 0, signal);
        }
    }

    private static bool WaitStopped(int threadId, ref nint signal)
    {
        var started = TimeProvider.System.GetTimestamp();
        do
        {
            int status;
            var found = WaitPid(threadId, &status, AllThreads | DoNotHang);
            if (found == threadId)
            {
                // Stopped on the way to a signal: that one is handed on when it is let go. An event of ptrace's own has a number in the third byte.
                var isStopped = (status & 0xff) == 0x7f;
                signal = isStopped && status >> 16 == 0 ? (status >> 8) & 0xff : 0;
                return isStopped;
            }
            if (found < 0)
            {
                return false;
            }
            Thread.Sleep(1);
        }
        while (TimeProvider.System.GetElapsedTime(started) < s_patience);
        return false;
    }

    private static ThreadRegisters? ReadRegisters(int threadId)
    {
        var values = stackalloc ulong[MaxRegisters];
        var vector = new IoVector { Base = values, Length = MaxRegisters * sizeof(ulong) };
        if (PTrace(GetRegisterSet, threadId, GeneralRegisters, (nint)(&vector)) != 0)
        {
            return null;
        }
        // struct user_regs_struct: rbp is the 5th, rip the 17th, rsp the 20th; struct user_pt_regs: x0 to x30, then sp and pc.
        return RuntimeInformation.ProcessArchitecture == Architecture.X64
            ? new ThreadRegisters(values[16], values[19], values[4], 0)
            : new ThreadRegisters(values[32], values[31], values[29], values[30]);
    }

    private static byte[] ReadMemory(int processId, ulong address, int length)
    {
        var bytes = new byte[length];
        fixed (byte* room = bytes)
        {
            // Page by page: a read that reaches past the stack's end gives what lies before it, but only up to a whole vector.
            var got = 0;
            while (got < length)
            {
                var step = Math.Min(length - got, (int)(4096 - ((address + (ulong)got) & 4095)));
                var local = new IoVector { Base = room + got, Length = (nuint)step };
                var remote = new IoVector { Base = (void*)(address + (ulong)got), Length = (nuint)step };
                if (ProcessRead(processId, &local, 1, &remote, 1, 0) != step)
                {
                    break;
                }
                got += step;
            }
            Array.Resize(ref bytes, got);
        }
        return bytes;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVector
    {
        public void* Base;
        public nuint Length;
    }

    // Variadic in C; on both architectures its arguments are passed as if it were not.
    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    private static partial long PTrace(long request, int threadId, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int threadId, int* status, int options);

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    private static partial nint ProcessRead(int processId, IoVector* local, nuint locals, IoVector* remote, nuint remotes, nuint flags);
}
