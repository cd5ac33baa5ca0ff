using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>The mapped code and constants of the program, of the libraries it is linked with and of handler libraries.</summary>
internal static partial class CodePages
{
    private const int DontNeed = 4; // MADV_DONTNEED: clean pages of a file are unmapped and stay in the page cache

    /// <summary>Unmaps of these files all that is as it is in them. What is used again is mapped again without a read from the disk, while memory that nobody uses any more can serve
    /// something else. Code may run meanwhile. Does nothing outside Linux.</summary>
    /// <param name="files">Full paths of files that are wholly loaded and stay so: what the loader is still at work on, or could take away, must not be touched.</param>
    public static void Release(IReadOnlySet<string> files)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        try
        {
            (nuint Start, nuint Length) mapping = default;
            foreach (var line in File.ReadLines("/proc/self/smaps"))
            {
                // 7f0c2a000000-7f0c2a100000 r-xp 00021000 fe:00 1234   /path, then a line for each figure (proc(5))
                if (line.IndexOf('/', StringComparison.Ordinal) is var path && path > 0 && files.Contains(line[path..]))
                {
                    var (dash, end) = (line.IndexOf('-', StringComparison.Ordinal), line.IndexOf(' ', StringComparison.Ordinal));
                    var start = Number(line.AsSpan(0, dash));
                    mapping = line.AsSpan(end).StartsWith(" r-xp ") || line.AsSpan(end).StartsWith(" r--p ") ? (start, Number(line.AsSpan(dash + 1, end - dash - 1)) - start) : default;
                }
                else if (mapping.Length > 0 && line.StartsWith("Anonymous:", StringComparison.Ordinal))
                {
                    // Pages of its own hold what was relocated, and would be lost.
                    if (line.AsSpan("Anonymous:".Length).Trim().SequenceEqual("0 kB"))
                    {
                        _ = Advise(mapping.Start, mapping.Length, DontNeed);
                    }
                    mapping = default;
                }
            }
        }
        catch (IOException)
        {
            // No /proc: the pages stay.
        }
    }

    /// <summary>The files that code and constants are mapped from at this moment, the program's own among them; empty outside Linux.</summary>
    public static HashSet<string> Mapped()
    {
        var files = new HashSet<string>();
        try
        {
            foreach (var line in OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/maps") : [])
            {
                if (line.IndexOf('/', StringComparison.Ordinal) is var path && path > 0 && line.Contains(" r-xp ", StringComparison.Ordinal))
                {
                    files.Add(line[path..]);
                }
            }
        }
        catch (IOException)
        {
            // No /proc.
        }
        return files;
    }

    private static nuint Number(ReadOnlySpan<char> hex) => nuint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
