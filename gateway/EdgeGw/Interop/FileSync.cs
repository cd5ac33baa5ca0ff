using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Interop;

/// <summary>Makes a file's bytes durable. .NET's own way (FileStream.Flush, RandomAccess.FlushToDisk) says nothing when the disk answers EIO: found by having it fail.</summary>
internal static partial class FileSync
{
    /// <summary>Returns when the bytes are on the disk. Throws <see cref="IOException"/> whose HResult is the errno.</summary>
    internal static void Flush(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
        }
        else if (FSync(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeHandle descriptor);
}
