using System.Globalization;

namespace EdgeGw.Tests.Support;

/// <summary>What the kernel says of a process.</summary>
public static class ProcessFigures
{
    // USER_HZ, the unit of /proc, is 100 on every Linux.
    private const double TicksPerSecond = 100;

    /// <summary>Resident bytes.</summary>
    public static long ResidentBytes(int pid) => Status(pid, "VmRSS:") * 1024;

    /// <summary>Resident bytes that no file holds: what the process made itself.</summary>
    public static long AnonymousBytes(int pid) => Status(pid, "RssAnon:") * 1024;

    /// <summary>Threads.</summary>
    public static long Threads(int pid) => Status(pid, "Threads:");

    /// <summary>User and system time of all threads so far.</summary>
    public static TimeSpan CpuTime(int pid)
    {
        // The program's name, in parentheses, may hold spaces; utime and stime are the 12th and 13th field after it, in ticks.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    private static long Status(int pid, string key) =>
        long.Parse(File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith(key, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
