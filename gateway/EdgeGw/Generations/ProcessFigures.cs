using System.Globalization;

namespace EdgeGw.Generations;

/// <summary>Resident bytes and threads of this process, from /proc; zeros elsewhere.</summary>
internal readonly record struct ProcessFigures(long ResidentBytes, int Threads)
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
        return new ProcessFigures(pages * Environment.SystemPageSize, Directory.GetDirectories("/proc/self/task").Length);
    }
}
