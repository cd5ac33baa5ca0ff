using System.Globalization;
using EdgeGw.Interop.Stacks;

namespace EdgeGw.Control.Stuck;

/// <summary>Where a thread of the worker is, in words: a function and a module for each frame, or, where a stack may not be read, what /proc says of the thread.</summary>
internal static class NativeStack
{
    // Symbol tables are read for as many files at most; the rest is shown by offset.
    private const int MaxModules = 12;

    /// <summary>Reads it now; a line for each frame, the innermost first. The calling thread waits, for a second at most; the thread read is stopped for less than a millisecond.</summary>
    internal static IReadOnlyList<string> Read(int processId, int threadId)
    {
        if (ThreadTracer.TryCopy(processId, threadId, out var error) is not { } thread)
        {
            return [$"The native stack cannot be read: {error}.", .. ThreadFacts(processId, threadId)];
        }
        try
        {
            var map = ProcessMap.Read(processId);
            var modules = new Dictionary<string, ElfSymbols?>(StringComparer.Ordinal);
            return [.. StackWalk.Walk(thread, address => map.Find(address) is not null).Select(place => Describe(place, map, modules)).OfType<string>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"The native stack cannot be read: {e.Message}"];
        }
    }

    // Null for what merely looked like a return address.
    private static string? Describe(StackPlace place, ProcessMap map, Dictionary<string, ElfSymbols?> modules)
    {
        if (map.Find(place.Address) is not { } area)
        {
            return string.Create(CultureInfo.InvariantCulture, $"0x{place.Address:x}");
        }
        var offset = place.Address - area.Start + area.FileOffset;
        var module = area.Path.Length > 0 ? Path.GetFileName(area.Path) : "code without a file";
        var doubt = place.IsCertain ? "" : " (perhaps)";
        if (Symbols(area.Path, modules)?.Find(offset) is not { } found)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{module}+0x{offset:x}{doubt}");
        }
        // No call returns to a function's first instruction.
        return !place.IsCertain && found.Offset == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{found.Name}+0x{found.Offset:x} ({module}){doubt}");
    }

    private static ElfSymbols? Symbols(string path, Dictionary<string, ElfSymbols?> modules)
    {
        if (!path.StartsWith('/'))
        {
            return null;
        }
        if (!modules.TryGetValue(path, out var symbols) && modules.Count < MaxModules)
        {
            modules[path] = ElfSymbols.TryRead(path, out symbols) ? symbols : null;
        }
        return symbols;
    }

    private static IEnumerable<string> ThreadFacts(int processId, int threadId)
    {
        foreach (var name in (string[])["wchan", "syscall", "stat"])
        {
            string? text = null;
            try
            {
                text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{threadId}/{name}")).Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not there, or not for us: the others may be.
            }
            if (text is { Length: > 0 })
            {
                yield return $"{name}: {text}";
            }
        }
    }
}
