using System.Globalization;

namespace EdgeGw.Tests.Support;

/// <summary>What the kernel says of a process.</summary>
public static class ProcessFigures
{
    /// <summary>Resident bytes.</summary>
    public static long ResidentBytes(int pid) => Status(pid, "VmRSS:") * 1024;

    /// <summary>Threads.</summary>
    public static long Threads(int pid) => Status(pid, "Threads:");

    private static long Status(int pid, string key) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
