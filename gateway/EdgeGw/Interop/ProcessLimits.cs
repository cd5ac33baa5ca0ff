using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>Bounds that the kernel keeps for this process (setrlimit(2)). Linux.</summary>
internal static partial class ProcessLimits
{
    /// <summary>Private memory, processor time and descriptors, as control names them on the command line.</summary>
    public const string Memory = "memory", Cpu = "cpu", OpenFiles = "files";

    private const int CpuResource = 0; // RLIMIT_CPU
    private const int DataResource = 2; // RLIMIT_DATA
    private const int FilesResource = 7; // RLIMIT_NOFILE

    // Between the signal that says so and the one that cannot be caught.
    private const long CpuGraceSeconds = 1;

    /// <summary>So much memory, as <c>NAME=VALUE</c>.</summary>
    public static string MemoryOf(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Memory}={bytes}");

    /// <summary>Sets what is given as <c>NAME=VALUE</c>, from now on and for good. Memory is counted from what the process has already. Throws <see cref="IOException"/> when the kernel refuses.</summary>
    public static void Set(IEnumerable<string> limits)
    {
        foreach (var limit in limits)
        {
            var cut = limit.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = (limit[..cut], long.Parse(limit.AsSpan(cut + 1), CultureInfo.InvariantCulture));
            switch (name)
            {
                case Memory:
                    // Not the address space: a .NET heap reserves hundreds of times of what it uses.
                    Set(DataResource, PrivateBytes() + value, 0);
                    break;
                case Cpu:
                    Set(CpuResource, value, CpuGraceSeconds);
                    break;
                case OpenFiles:
                    Set(FilesResource, value, 0);
                    break;
                default:
                    throw new FormatException($"The worker does not know the limit '{name}'.");
            }
        }
    }

    private static void Set(int resource, long value, long grace)
    {
        var limit = new Limit((nuint)value, (nuint)(value + grace));
        if (SetLimit(resource, in limit) != 0)
        {
            throw new IOException($"A limit of the worker cannot be set: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    // "VmData:\t   23456 kB"
    private static long PrivateBytes() => 1024 * File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmData:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan(7).Trim().TrimEnd("kB ").Trim(), CultureInfo.InvariantCulture)).FirstOrDefault();

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, in Limit limit);

    private readonly record struct Limit(nuint Soft, nuint Hard);
}
