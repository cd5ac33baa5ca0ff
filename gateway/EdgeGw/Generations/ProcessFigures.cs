using System.Globalization;

namespace EdgeGw.Generations;

/// <summary>Resident bytes, those of them that are neither a file's nor shared, and threads of this process, from /proc; zeros elsewhere.</summary>
internal readonly record struct ProcessFigures(long ResidentBytes, long PrivateBytes, int Threads)
{
    /// <summary>Reads them now.</summary>
    public static ProcessFigures Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return default;
        }
        var fields = File.ReadAllText("/proc/self/statm").Split(' ');
        var pages = long.Parse(fields[1], CultureInfo.InvariantCulture);
        var shared = long.Parse(fields[2], CultureInfo.InvariantCulture);
        return new ProcessFigures(pages * Environment.SystemPageSize, (pages - shared) * Environment.SystemPageSize, Directory.GetDirectories("/proc/self/task").Length);
    }
}
