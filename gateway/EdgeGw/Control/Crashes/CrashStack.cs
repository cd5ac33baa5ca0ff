using System.Buffers.Binary;
using System.Globalization;
using EdgeGw.Control.Stuck;

namespace EdgeGw.Control.Crashes;

/// <summary>What can be said of the stack of the thread that died, without its process: which of the words on it are addresses of handlers' code.</summary>
internal static class CrashStack
{
    private const int MaxLines = 32;

    /// <summary>What the lines are.</summary>
    internal const string Found =
        "Where the thread was, then what looks like return addresses into handler libraries on its stack, innermost first; 'addr2line -e LIBRARY OFFSET' names file and line of a library with debug information.";

    /// <summary>No handler was on the stack.</summary>
    internal const string NoneOfHandlers = "The thread that died had no code of a handler on the part of its stack that was kept.";

    /// <summary>The process did not see its own end.</summary>
    internal const string NotSeen = "There is none: the process was ended without a signal that it could see.";

    /// <summary>The version whose code is innermost; null when none's is there.</summary>
    internal static int? FirstVersion(CrashSnapshot snapshot) => Addresses(snapshot).Select(found => (int?)found.Ordinal).FirstOrDefault();

    /// <summary>The addresses, each in its library.</summary>
    internal static IReadOnlyList<CrashFrame> Frames(CrashSnapshot snapshot) =>
        [.. Addresses(snapshot).Take(MaxLines).Select(found => new CrashFrame($"{found.Version.Name} {found.Version.Version}", found.Version.Sha256, found.Address - found.Version.Image))];

    /// <summary>One line for each, with the function that its library's symbol tables name there. Reads files.</summary>
    /// <param name="frames">The addresses.</param>
    /// <param name="libraryOf">Where the library with a SHA-256 is; null when it is not kept.</param>
    internal static IReadOnlyList<string> Named(IReadOnlyList<CrashFrame> frames, Func<string, string?> libraryOf)
    {
        var symbols = frames.Select(frame => frame.Sha256).Distinct().ToDictionary(hash => hash, hash => libraryOf(hash) is { } path && ElfSymbols.TryRead(path, out var read) ? read : null);
        return [.. frames.Select(frame => symbols[frame.Sha256]?.FindAddress(frame.Offset) is { } function
            ? string.Create(CultureInfo.InvariantCulture, $"{frame} {function.Name}+0x{function.Offset:x}") : frame.ToString())];
    }

    private static IEnumerable<(int Ordinal, SnapshotVersion Version, ulong Address)> Addresses(CrashSnapshot snapshot)
    {
        if (Owner(snapshot, snapshot.Fatal.Instruction) is { } inside)
        {
            yield return inside;
        }
        for (var at = 0; at + 8 <= snapshot.Stack.Length; at += 8)
        {
            if (Owner(snapshot, BinaryPrimitives.ReadUInt64LittleEndian(snapshot.Stack.Span[at..])) is { } found)
            {
                yield return found;
            }
        }
    }

    private static (int, SnapshotVersion, ulong)? Owner(CrashSnapshot snapshot, ulong address)
    {
        // Versions that share a library have the same addresses: the newest one is in service.
        var owner = snapshot.Versions.Where(pair => pair.Value.Has(address)).OrderByDescending(pair => pair.Key).FirstOrDefault();
        return owner.Value is null ? null : (owner.Key, owner.Value, address);
    }
}

/// <summary>An address in a library's code.</summary>
/// <param name="Version">Name and version of the handler.</param>
/// <param name="Sha256">Its library.</param>
/// <param name="Offset">From the library's first byte in memory, as its symbol tables count.</param>
internal sealed record CrashFrame(string Version, string Sha256, ulong Offset)
{
    /// <summary>"hello 1.0.0 +0x1139"</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version} +0x{Offset:x}");
}
