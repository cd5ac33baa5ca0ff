using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>File descriptors that pass from one process to another: by inheritance, and over a Unix socket (SCM_RIGHTS). Linux, 64 bit.</summary>
internal static unsafe partial class ControlDescriptors
{
    /// <summary>The kernel's bound on descriptors in one message (SCM_MAX_FD).</summary>
    internal const int MaxPassed = 253;

    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int TruncatedControl = 0x8;
    private const int CloseOnExecReceived = 0x40000000;

    /// <summary>Whether a child started from now on inherits the descriptor. Only under the lock that every start of a child takes.</summary>
    internal static void SetInheritable(SafeHandle descriptor, bool inheritable)
    {
        var flags = ControlPosix.FileControl(descriptor, ControlPosix.GetDescriptorFlags, 0);
        var wanted = inheritable ? flags & ~ControlPosix.CloseOnExec : flags | ControlPosix.CloseOnExec;
        if (flags < 0 || ControlPosix.FileControl(descriptor, ControlPosix.SetDescriptorFlags, wanted) < 0)
        {
            throw new IOException($"A listening socket cannot be handed to the worker: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    /// <summary>Receives one message that carries descriptors, in the sender's order, closed on exec. The socket blocks, within its ReceiveTimeout.
    /// The caller owns what it gets. Throws <see cref="IOException"/> when none came.</summary>
    internal static IReadOnlyList<SafeSocketHandle> Receive(Socket socket)
    {
        byte payload;
        var control = stackalloc long[(sizeof(ControlHeader) + (MaxPassed * sizeof(int)) + sizeof(long)) / sizeof(long)];
        var vector = new IoVector { Base = &payload, Length = 1 };
        var message = new MessageHeader
        {
            Vectors = &vector,
            VectorCount = 1,
            Control = control,
            ControlLength = (nuint)(sizeof(ControlHeader) + (MaxPassed * sizeof(int))),
        };

        var read = ReceiveMessage(socket.SafeHandle, &message, CloseOnExecReceived);
        if (read < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"No listening sockets came: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }

        var received = new List<SafeSocketHandle>();
        var header = (ControlHeader*)control;
        if (message.ControlLength >= (nuint)sizeof(ControlHeader) && header->Level == SolSocket && header->Type == ScmRights)
        {
            var count = (int)(header->Length - (nuint)sizeof(ControlHeader)) / sizeof(int);
            var descriptors = (int*)(header + 1);
            for (var i = 0; i < count; i++)
            {
                received.Add(new SafeSocketHandle(descriptors[i], ownsHandle: true));
            }
        }
        if (received.Count == 0 || (message.Flags & TruncatedControl) != 0)
        {
            received.ForEach(handle => handle.Dispose());
            throw new IOException("No listening sockets came: the message carried none, or more than can be taken.");
        }
        return received;
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(SafeHandle socket, MessageHeader* message, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct IoVector
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }
}
