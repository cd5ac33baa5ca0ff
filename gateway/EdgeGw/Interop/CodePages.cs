using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeGw.Interop;

/// <summary>The mapped code of this process: the program, its libraries, the handlers.</summary>
internal static partial class CodePages
{
    private const int DontNeed = 4; // MADV_DONTNEED: clean pages of a file are unmapped and stay in the page cache

    /// <summary>Unmaps it all. What is called again is mapped again without a read from the disk, while memory that nobody calls any more can be used for something else. Only
    /// executable pages: read-only ones may hold relocated data, which would be lost. Code may run meanwhile. Does nothing outside Linux.</summary>
    public static void Release()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        try
        {
            foreach (var line in File.ReadLines("/proc/self/maps"))
            {
                // 7f0c2a000000-7f0c2a100000 r-xp 00021000 fe:00 1234   /path
                if (line.IndexOf(" r-xp ", StringComparison.Ordinal) is var end && end > 0 && line.Contains('/', StringComparison.Ordinal))
                {
                    var dash = line.IndexOf('-', StringComparison.Ordinal);
                    var start = nuint.Parse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    _ = Advise(start, nuint.Parse(line.AsSpan(dash + 1, end - dash - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start, DontNeed);
                }
            }
        }
        catch (IOException)
        {
            // No /proc: the pages stay.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
