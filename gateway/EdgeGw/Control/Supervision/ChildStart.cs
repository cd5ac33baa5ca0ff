using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeGw.Interop;

namespace EdgeGw.Control.Supervision;

/// <summary>The one place where control starts processes. A descriptor can be inherited only while this lock is held, so that no other child gets it.</summary>
internal static class ChildStart
{
    private static readonly Lock s_lock = new();

    /// <summary>Starts a process that inherits the descriptors given, under their own numbers, and no others.</summary>
    internal static Process Start(ProcessStartInfo start, params IReadOnlyList<SafeHandle> inherited)
    {
        lock (s_lock)
        {
            try
            {
                foreach (var descriptor in inherited)
                {
                    ControlDescriptors.SetInheritable(descriptor, true);
                }
                return Process.Start(start)!;
            }
            finally
            {
                foreach (var descriptor in inherited)
                {
                    ControlDescriptors.SetInheritable(descriptor, false);
                }
            }
        }
    }
}
