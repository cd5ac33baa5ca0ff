using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>File descriptors over a Unix socket: SCM_RIGHTS (unix(7)). Linux, 64 bit.</summary>
internal static unsafe partial class DescriptorPassing
{
    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int MaxDescriptors = 64;

    /// <summary>Sends descriptors with one byte of data, the count.</summary>
    public static void Send(Socket peer, ReadOnlySpan<int> descriptors)
    {
        var payload = (byte)descriptors.Length;
        var control = stackalloc byte[sizeof(ControlHeader) + (MaxDescriptors * sizeof(int))];
        var header = (ControlHeader*)control;
        header->Length = (nuint)(sizeof(ControlHeader) + (descriptors.Length * sizeof(int)));
        header->Level = SolSocket;
        header->Type = ScmRights;
        descriptors.CopyTo(new Span<int>(control + sizeof(ControlHeader), MaxDescriptors));
        var vector = new Vector { Base = &payload, Length = 1 };
        var message = new Message { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (header->Length + 7) & ~(nuint)7 };
        if (SendMessage((int)peer.Handle, &message, 0) < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Receives descriptors; the caller owns them (close-on-exec is set).</summary>
    public static int[] Receive(Socket peer)
    {
        byte payload = 0;
        var control = stackalloc byte[sizeof(ControlHeader) + (MaxDescriptors * sizeof(int))];
        var vector = new Vector { Base = &payload, Length = 1 };
        var message = new Message { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)(sizeof(ControlHeader) + (MaxDescriptors * sizeof(int))) };
        const int CloseOnExec = 0x40000000;
        if (ReceiveMessage((int)peer.Handle, &message, CloseOnExec) <= 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }
        var header = (ControlHeader*)control;
        if (message.ControlLength < (nuint)sizeof(ControlHeader) || header->Level != SolSocket || header->Type != ScmRights)
        {
            return [];
        }
        var count = ((int)header->Length - sizeof(ControlHeader)) / sizeof(int);
        return new ReadOnlySpan<int>(control + sizeof(ControlHeader), count).ToArray();
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, Message* message, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
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
