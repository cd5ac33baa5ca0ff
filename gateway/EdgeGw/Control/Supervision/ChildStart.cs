using System.Diagnostics;
using System.Runtime.InteropServices;
using EdgeGw.Interop;

namespace EdgeGw.Control.Supervision;

/// <summary>The one place where control starts processes. A descriptor can be inherited only while this lock is held, so that no other child gets it.</summary>
internal static class ChildStart
{
    private static readonly Lock s_lock = new();

    /// <summary>Replaces this program by the one at a path, with the same arguments and environment; the descriptors given stay open. Returns only when it cannot.</summary>
    internal static void Replace(string path, IReadOnlyList<SafeHandle> inherited)
    {
        var arguments = File.ReadAllText("/proc/self/cmdline")[..^1].Split('\0'); // each ends with a zero, and may be empty
        lock (s_lock)
        {
            foreach (var descriptor in inherited)
            {
                ControlDescriptors.SetInheritable(descriptor, true);
            }
            ControlPosix.Execute(path, arguments);
        }
    }

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
