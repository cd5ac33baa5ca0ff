using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGw.ScriptedRoles.Interop;

/// <summary>One byte with descriptors beside it (SCM_RIGHTS), written against cmsg(3) and not against control's own code.</summary>
internal static unsafe partial class DescriptorMessage
{
    internal static void Send(Socket socket, int[] descriptors)
    {
        byte payload = 1;
        var length = 16 + (descriptors.Length * sizeof(int));
        var control = stackalloc byte[1024];
        *(nuint*)control = (nuint)length;
        *(int*)(control + 8) = 1; // SOL_SOCKET
        *(int*)(control + 12) = 1; // SCM_RIGHTS
        descriptors.CopyTo(new Span<int>(control + 16, descriptors.Length));
        var vector = stackalloc nuint[2] { (nuint)(&payload), 1 };
        var message = stackalloc nuint[7] { 0, 0, (nuint)vector, 1, (nuint)control, (nuint)length, 0 };
        if (SendMessage(socket.SafeHandle, message, 0) != 1)
        {
            throw new IOException($"sendmsg: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeHandle socket, nuint* message, int flags);
}
