using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>File descriptors that a child inherits. Linux.</summary>
internal static class ControlDescriptors
{
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
}
