using System.Globalization;

namespace EdgeGw.Control.Stuck;

/// <summary>The code that a process has mapped, from /proc/PID/maps.</summary>
internal sealed class ProcessMap
{
    private readonly List<Area> _areas = [];

    private ProcessMap()
    {
    }

    /// <summary>An executable part of a file.</summary>
    internal sealed record Area(ulong Start, ulong End, ulong FileOffset, string Path);

    /// <summary>Reads it now. Throws <see cref="IOException"/> when the process has gone.</summary>
    internal static ProcessMap Read(int processId)
    {
        var map = new ProcessMap();
        foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/maps")))
        {
            if (TryParse(line) is { } area)
            {
                map._areas.Add(area);
            }
        }
        return map;
    }

    /// <summary>The code that an address lies in, or null.</summary>
    internal Area? Find(ulong address) => _areas.Find(area => address >= area.Start && address < area.End);

    // 7f0c4000-7f0c8000 r-xp 00001000 08:01 1234    /usr/lib/libc.so.6
    private static Area? TryParse(string line)
    {
        var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 5 || fields[1] is not [_, _, 'x', ..] || fields[0].Split('-') is not [var start, var end])
        {
            return null;
        }
        return ulong.TryParse(start, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var from)
            && ulong.TryParse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var to)
            && ulong.TryParse(fields[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var offset)
            ? new Area(from, to, offset, fields.Length == 6 ? fields[5].Trim() : "")
            : null;
    }
}
