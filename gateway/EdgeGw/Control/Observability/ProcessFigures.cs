using System.Globalization;

namespace EdgeGw.Control.Observability;

/// <summary>Memory and threads of a process, from <c>/proc</c>; zeros where there is none.</summary>
internal readonly record struct ProcessFigures(long RssBytes, int Threads)
{
    internal static ProcessFigures Read(int processId)
    {
        long rss = 0;
        var threads = 0;
        try
        {
            foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")))
            {
                if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
                {
                    rss = Number(line) * 1024;
                }
                else if (line.StartsWith("Threads:", StringComparison.Ordinal))
                {
                    threads = (int)Number(line);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default; // it has just ended
        }
        return new ProcessFigures(rss, threads);
    }

    // "VmRSS:\t   23456 kB"
    private static long Number(string line) =>
        long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim().TrimEnd("kB ").Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
}
