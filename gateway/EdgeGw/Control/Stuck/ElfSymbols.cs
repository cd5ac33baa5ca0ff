using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeGw.Control.Stuck;

/// <summary>The functions that a 64-bit ELF file names in its symbol tables. The file is foreign: every number in it is checked, and its size bounded.</summary>
internal sealed class ElfSymbols
{
    private const int MaxBytes = 256 << 20;
    private const int MaxSymbols = 1 << 20;
    private const int HeaderBytes = 64;
    private const int SymbolBytes = 24;
    private const uint SymbolTable = 2;
    private const uint DynamicSymbolTable = 11;
    private const uint LoadedSegment = 1;
    private const int Function = 2;

    private readonly List<(ulong Start, ulong End, string Name)> _functions = [];
    private readonly List<(ulong FileOffset, ulong FileBytes, ulong Address)> _segments = [];

    private ElfSymbols()
    {
    }

    /// <summary>Reads a file; false when it is none of that format or cannot be read.</summary>
    internal static bool TryRead(string path, [NotNullWhen(true)] out ElfSymbols? symbols)
    {
        symbols = null;
        try
        {
            if (new FileInfo(path) is { Length: < HeaderBytes or > MaxBytes })
            {
                return false;
            }
            return TryParse(File.ReadAllBytes(path), out symbols);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads a file's bytes.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> file, [NotNullWhen(true)] out ElfSymbols? symbols)
    {
        symbols = null;
        // 64 bits, little-endian
        if (file.Length < HeaderBytes || !file.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }
        var read = new ElfSymbols();
        foreach (var segment in Entries(file, At(file, 32), Short(file, 54), Short(file, 56), 56))
        {
            var header = file[segment..];
            if (Word(header, 0) == LoadedSegment)
            {
                read._segments.Add((At(header, 8), At(header, 32), At(header, 16)));
            }
        }
        var sections = Entries(file, At(file, 40), Short(file, 58), Short(file, 60), 64);
        foreach (var section in sections)
        {
            var header = file[section..];
            if (Word(header, 4) is SymbolTable or DynamicSymbolTable && Word(header, 40) is var link && link < sections.Count)
            {
                read.Add(Content(file, header), Content(file, file[sections[(int)link]..]));
            }
        }
        read._functions.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        symbols = read;
        return true;
    }

    /// <summary>The function that a place in the file belongs to, and how far into it that place is; null when no symbol says.</summary>
    internal (string Name, ulong Offset)? Find(ulong fileOffset)
    {
        var segment = _segments.Find(s => fileOffset >= s.FileOffset && fileOffset - s.FileOffset < s.FileBytes);
        if (segment.FileBytes == 0)
        {
            return null;
        }
        return FindAddress(fileOffset - segment.FileOffset + segment.Address);
    }

    /// <summary>The same for an address, counted from where the file's first byte is loaded.</summary>
    internal (string Name, ulong Offset)? FindAddress(ulong address)
    {
        var (low, high) = (0, _functions.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _functions[middle].Start <= address ? (middle + 1, high) : (low, middle);
        }
        return low > 0 && address < _functions[low - 1].End ? (_functions[low - 1].Name, address - _functions[low - 1].Start) : null;
    }

    private void Add(ReadOnlySpan<byte> table, ReadOnlySpan<byte> names)
    {
        for (var at = 0; at + SymbolBytes <= table.Length && _functions.Count < MaxSymbols; at += SymbolBytes)
        {
            var symbol = table[at..];
            var (name, start, size) = (Word(symbol, 0), At(symbol, 8), At(symbol, 16));
            if ((symbol[4] & 15) != Function || size == 0 || start + size < start || name >= (ulong)names.Length)
            {
                continue;
            }
            var text = names[(int)name..];
            var end = text.IndexOf((byte)0);
            if (end > 0)
            {
                _functions.Add((start, start + size, Encoding.UTF8.GetString(text[..Math.Min(end, 512)])));
            }
        }
    }

    private static List<int> Entries(ReadOnlySpan<byte> file, ulong offset, int size, int count, int least)
    {
        var entries = new List<int>();
        for (var i = 0; i < count && size >= least; i++)
        {
            var at = offset + ((ulong)i * (ulong)size);
            if (at > (ulong)(file.Length - least))
            {
                break;
            }
            entries.Add((int)at);
        }
        return entries;
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file, ReadOnlySpan<byte> header)
    {
        var (offset, size) = (At(header, 24), At(header, 32));
        return offset <= (ulong)file.Length && size <= (ulong)file.Length - offset ? file.Slice((int)offset, (int)size) : [];
    }

    private static ulong At(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    private static uint Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static int Short(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);
}
