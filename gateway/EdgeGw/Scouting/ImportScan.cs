namespace EdgeGw.Scouting;

/// <summary>Reads what a library takes from others: the libraries it is linked with, and its undefined dynamic symbols with the library that each is expected in.</summary>
internal static class ImportScan
{
    /// <summary>Names that are listed of any kind; the count beside them says how many there are.</summary>
    internal const int MaxNames = 64;

    private const int SymbolBytes = 24;
    private const uint SymbolTable = 2;
    private const uint DynamicSymbolTable = 11;
    private const long Needed = 1;
    private const long Hash = 4;
    private const long Names = 5;
    private const long Symbols = 6;
    private const long NamesSize = 10;
    private const long GnuHash = 0x6ffffef5;
    private const long VersionOf = 0x6ffffff0;
    private const long VersionsNeeded = 0x6ffffffe;
    private const long VersionsNeededCount = 0x6fffffff;

    /// <summary>Reads the facts of a file; null when it is not a 64-bit little-endian ELF file.</summary>
    internal static LibraryFacts? Read(Stream file)
    {
        if (ElfFile.Open(file) is not { } elf)
        {
            return null;
        }
        var names = elf.Find(Names) is { } at ? elf.At(at, elf.Find(NamesSize) ?? ElfFile.MaxTableBytes) : [];
        var needs = elf.Dynamic.Where(entry => entry.Tag == Needed).Select(entry => ElfFile.Name(names, entry.Value)).Where(name => name.Length > 0).Distinct().ToList();
        var isAot = elf.Sections.Any(section => section.Name is "__modules" or ".managed");
        var homes = VersionHomes(elf, names);
        var (imports, foreign) = (0, new List<string>());
        var notable = new NotableImports(isAot);
        foreach (var (name, version, isWeak) in Undefined(elf, names))
        {
            imports++;
            notable.See(name);
            // A weak one without a version is the compiler's own (__gmon_start__, _ITM_...), and may stay undefined.
            if (!(homes.TryGetValue(version, out var home) ? SystemLibraries.IsLibc(home) : isWeak))
            {
                foreign.Add(name);
            }
        }
        return new LibraryFacts
        {
            FileBytes = file.Length,
            Symbols = elf.Sections.Any(section => section.Type == SymbolTable),
            DebugInfo = elf.Sections.Any(section => section.Name is ".debug_info" or ".zdebug_info"),
            NativeAot = isAot,
            Needs = [.. needs.Where(name => !SystemLibraries.IsLibc(name)).Take(MaxNames)],
            Imports = imports,
            Foreign = [.. foreign.Order(StringComparer.Ordinal).Take(MaxNames)],
            Notes = notable.Sentences,
        };
    }

    private static IEnumerable<(string Name, ushort Version, bool IsWeak)> Undefined(ElfFile elf, byte[] names)
    {
        if (elf.Find(Symbols) is not { } start)
        {
            yield break;
        }
        var count = SymbolCount(elf);
        var table = elf.At(start, count * SymbolBytes);
        var versions = elf.Find(VersionOf) is { } at ? elf.At(at, count * sizeof(ushort)) : [];
        // The first symbol is the empty one.
        for (var i = 1; (i + 1) * SymbolBytes <= table.Length; i++)
        {
            var symbol = table.AsSpan(i * SymbolBytes, SymbolBytes);
            if (ElfFile.Short(symbol[6..]) == 0 && ElfFile.Name(names, ElfFile.Int(symbol)) is { Length: > 0 } name)
            {
                var version = (i + 1) * sizeof(ushort) <= versions.Length ? ElfFile.Short(versions.AsSpan(i * sizeof(ushort))) : (ushort)0;
                yield return (name, (ushort)(version & 0x7fff), symbol[4] >> 4 == 2);
            }
        }
    }

    // No entry says how many symbols there are. A hash table covers all of them (DT_HASH), or begins behind the undefined ones (DT_GNU_HASH).
    private static ulong SymbolCount(ElfFile elf)
    {
        const ulong most = ElfFile.MaxTableBytes / SymbolBytes;
        if (elf.Sections.FirstOrDefault(section => section.Type == DynamicSymbolTable) is { Size: > 0 } section)
        {
            return Math.Min(section.Size / SymbolBytes, most);
        }
        if (elf.Find(Hash) is { } hash && elf.At(hash, 8) is { Length: 8 } head)
        {
            return Math.Min(ElfFile.Int(head.AsSpan(4)), most);
        }
        return elf.Find(GnuHash) is { } gnu && elf.At(gnu, 8) is { Length: 8 } words ? Math.Min(ElfFile.Int(words.AsSpan(4)), most) : 0;
    }

    // Which library each version of a symbol is looked for in.
    private static Dictionary<ushort, string> VersionHomes(ElfFile elf, byte[] names)
    {
        var homes = new Dictionary<ushort, string>();
        if (elf.Find(VersionsNeeded) is not { } start)
        {
            return homes;
        }
        const int entryBytes = 16;
        var table = elf.At(start, ElfFile.MaxEntries * entryBytes);
        var files = Math.Min(elf.Find(VersionsNeededCount) ?? 0, ElfFile.MaxEntries);
        var left = ElfFile.MaxEntries;
        ulong at = 0;
        for (ulong file = 0; file < files && at + entryBytes <= (ulong)table.Length; file++)
        {
            var need = table.AsSpan((int)at, entryBytes);
            var home = ElfFile.Name(names, ElfFile.Int(need[4..]));
            var entryAt = at + ElfFile.Int(need[8..]);
            for (var entry = 0; entry < ElfFile.Short(need[2..]) && left-- > 0 && entryAt + entryBytes <= (ulong)table.Length; entry++)
            {
                var aux = table.AsSpan((int)entryAt, entryBytes);
                homes[(ushort)(ElfFile.Short(aux[6..]) & 0x7fff)] = home;
                var nextEntry = ElfFile.Int(aux[12..]);
                if (nextEntry == 0)
                {
                    break;
                }
                entryAt += nextEntry;
            }
            var next = ElfFile.Int(need[12..]);
            if (next == 0)
            {
                break;
            }
            at += next;
        }
        return homes;
    }
}
