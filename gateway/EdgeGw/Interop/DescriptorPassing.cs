using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>File descriptors over a Unix socket: SCM_RIGHTS (unix(7)). Linux, 64 bit.</summary>
internal static unsafe partial class DescriptorPassing
{
    /// <summary>The kernel's bound on descriptors in one message (SCM_MAX_FD).</summary>
    internal const int MaxPassed = 253;

    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int TruncatedControl = 0x8;
    private const int CloseOnExecReceived = 0x40000000;

    /// <summary>Sends descriptors with one byte of data, the count.</summary>
    public static void Send(Socket peer, ReadOnlySpan<int> descriptors)
    {
        if (descriptors.Length > MaxPassed)
        {
            throw new IOException($"{descriptors.Length} listening sockets cannot be handed over at once; the kernel takes {MaxPassed}.");
        }
        var payload = (byte)descriptors.Length;
        var control = stackalloc byte[sizeof(ControlHeader) + (MaxPassed * sizeof(int))];
        var header = (ControlHeader*)control;
        header->Length = (nuint)(sizeof(ControlHeader) + (descriptors.Length * sizeof(int)));
        header->Level = SolSocket;
        header->Type = ScmRights;
        descriptors.CopyTo(new Span<int>(control + sizeof(ControlHeader), MaxPassed));
        var vector = new IoVector { Base = &payload, Length = 1 };
        var message = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (header->Length + 7) & ~(nuint)7 };
        if (SendMessage(peer.SafeHandle, &message, 0) < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
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

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeHandle socket, MessageHeader* message, int flags);

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
