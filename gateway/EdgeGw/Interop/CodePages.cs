using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>The mapped code and constants of this process: the program's, its libraries', the handlers'.</summary>
internal static partial class CodePages
{
    private const int DontNeed = 4; // MADV_DONTNEED: clean pages of a file are unmapped and stay in the page cache

    /// <summary>Unmaps all of it that is as it is in its file. What is used again is mapped again without a read from the disk, while memory that nobody uses any more can serve
    /// something else. Code may run meanwhile. Does nothing outside Linux.</summary>
    public static void Release()
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
                if (line.IndexOf(' ', StringComparison.Ordinal) is var end && end > 0 && line.AsSpan(0, end).IndexOf('-') is var dash && dash > 0)
                {
                    var isUnchangeable = line.AsSpan(end).StartsWith(" r-xp ") || line.AsSpan(end).StartsWith(" r--p ");
                    mapping = isUnchangeable && line.Contains('/', StringComparison.Ordinal) ? (Number(line.AsSpan(0, dash)), Number(line.AsSpan(dash + 1, end - dash - 1)) - Number(line.AsSpan(0, dash))) : default;
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

    private static nuint Number(ReadOnlySpan<char> hex) => nuint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
