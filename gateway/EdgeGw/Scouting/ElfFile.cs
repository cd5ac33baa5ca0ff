using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Scouting;

/// <summary>A 64-bit little-endian ELF file (System V gABI, chapters 4 and 5), read piece by piece. The file may say anything: every offset is looked up within the file, every count is
/// bounded, and what does not fit is as if it were not there. Nothing here throws for what a file says.</summary>
internal sealed class ElfFile
{
    /// <summary>Segments, sections and entries of the dynamic section that are looked at.</summary>
    internal const int MaxEntries = 4_096;

    /// <summary>Bytes of a table that are looked at: 1,000,000 symbols, or their names.</summary>
    internal const int MaxTableBytes = 24 << 20;

    private const int HeaderBytes = 64;
    private const int LoadSegment = 1;
    private const int DynamicSegment = 2;
    private const int SegmentBytes = 56;
    private const int SectionBytes = 64;

    private readonly Stream _file;
    private readonly List<(ulong Address, ulong Offset, ulong Size)> _loads = [];

    private ElfFile(Stream file) => _file = file;

    /// <summary>The dynamic section: tag and value, in order.</summary>
    internal List<(long Tag, ulong Value)> Dynamic { get; } = [];

    /// <summary>The section headers.</summary>
    internal List<ElfSection> Sections { get; } = [];

    /// <summary>Reads the headers; null when it does not begin like an ELF file of this kind.</summary>
    internal static ElfFile? Open(Stream file)
    {
        Span<byte> head = stackalloc byte[HeaderBytes];
        var elf = new ElfFile(file);
        if (elf.Read(0, head) < HeaderBytes || !head.StartsWith("\x7f"u8) || !head[1..].StartsWith("ELF"u8) || head[4] != 2 || head[5] != 1)
        {
            return null;
        }
        elf.ReadSegments(Long(head[32..]), Short(head[54..]), Short(head[56..]));
        elf.ReadSections(Long(head[40..]), Short(head[58..]), Short(head[60..]), Short(head[62..]));
        return elf;
    }

    /// <summary>The value of the first entry with a tag; null when there is none.</summary>
    internal ulong? Find(long tag)
    {
        foreach (var (known, value) in Dynamic)
        {
            if (known == tag)
            {
                return value;
            }
        }
        return null;
    }

    /// <summary>So many bytes of memory as the file fills it; fewer when the file has fewer there.</summary>
    internal byte[] At(ulong address, ulong size)
    {
        foreach (var (start, offset, length) in _loads)
        {
            if (address >= start && address - start < length)
            {
                var into = address - start;
                return ulong.MaxValue - offset < into ? [] : Bytes(offset + into, Math.Min(size, length - into));
            }
        }
        return [];
    }

    /// <summary>So many bytes of the file; fewer when it ends before, or when they are more than <see cref="MaxTableBytes"/>.</summary>
    internal byte[] Bytes(ulong offset, ulong size)
    {
        var left = offset < (ulong)_file.Length ? (ulong)_file.Length - offset : 0;
        var bytes = new byte[Math.Min(Math.Min(size, left), MaxTableBytes)];
        var read = Read(offset, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>A name out of a table of names; empty when there is none at that place.</summary>
    internal static string Name(ReadOnlySpan<byte> names, ulong at)
    {
        const int longest = 512;
        if (at >= (ulong)names.Length)
        {
            return "";
        }
        var name = names[(int)at..];
        name = name[..Math.Min(name.Length, longest)];
        var end = name.IndexOf((byte)0);
        // Printed later on: a name of the file's must not play tricks with a terminal.
        return string.Concat(Encoding.UTF8.GetString(end < 0 ? name : name[..end]).Where(c => !char.IsControl(c)));
    }

    internal static ushort Short(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    internal static uint Int(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    internal static ulong Long(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private void ReadSegments(ulong offset, int size, int count)
    {
        if (size != SegmentBytes)
        {
            return;
        }
        (ulong Offset, ulong Size) dynamic = default;
        var table = Bytes(offset, (ulong)Math.Min(count, MaxEntries) * SegmentBytes);
        for (var at = 0; at + SegmentBytes <= table.Length; at += SegmentBytes)
        {
            var segment = table.AsSpan(at, SegmentBytes);
            var (type, start, address, length) = (Int(segment), Long(segment[8..]), Long(segment[16..]), Long(segment[32..]));
            if (type == LoadSegment)
            {
                _loads.Add((address, start, length));
            }
            else if (type == DynamicSegment)
            {
                dynamic = (start, length);
            }
        }
        const int entry = 16;
        var entries = Bytes(dynamic.Offset, Math.Min(dynamic.Size, MaxEntries * entry));
        for (var at = 0; at + entry <= entries.Length; at += entry)
        {
            var tag = (long)Long(entries.AsSpan(at));
            if (tag == 0)
            {
                break;
            }
            Dynamic.Add((tag, Long(entries.AsSpan(at + 8))));
        }
    }

    private void ReadSections(ulong offset, int size, int count, int namesIndex)
    {
        if (size != SectionBytes || offset == 0)
        {
            return;
        }
        var table = Bytes(offset, (ulong)Math.Min(count, MaxEntries) * SectionBytes);
        var namesAt = namesIndex * SectionBytes;
        var names = namesAt + SectionBytes <= table.Length ? Bytes(Long(table.AsSpan(namesAt + 24)), Long(table.AsSpan(namesAt + 32))) : [];
        for (var at = 0; at + SectionBytes <= table.Length; at += SectionBytes)
        {
            var section = table.AsSpan(at, SectionBytes);
            Sections.Add(new ElfSection(Name(names, Int(section)), Int(section[4..]), Long(section[32..])));
        }
    }

    private int Read(ulong offset, Span<byte> target)
    {
        if (offset >= (ulong)_file.Length)
        {
            return 0;
        }
        _file.Position = (long)offset;
        return _file.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
    }
}

/// <summary>A section header: its name, its type (SHT_…) and its size in the file.</summary>
internal readonly record struct ElfSection(string Name, uint Type, ulong Size);
