using System.Buffers.Binary;
using System.Globalization;

namespace EdgeGw.Control.Crashes;

/// <summary>What can be said of the stack of the thread that died, without its process: which of the words on it are addresses of handlers' code.</summary>
internal static class NativeStack
{
    private const int MaxLines = 32;

    /// <summary>What the lines are.</summary>
    internal const string Found =
        "Where the thread was, then what looks like return addresses into handler libraries on its stack, innermost first; 'addr2line -fe LIBRARY OFFSET' names function and line of a library that was not stripped.";

    /// <summary>No handler was on the stack.</summary>
    internal const string NoneOfHandlers = "The thread that died had no code of a handler on the part of its stack that was kept.";

    /// <summary>The process did not see its own end.</summary>
    internal const string NotSeen = "There is none: the process was ended without a signal that it could see.";

    /// <summary>The version whose code is innermost; null when none's is there.</summary>
    internal static int? FirstVersion(CrashSnapshot snapshot) => Addresses(snapshot).Select(found => (int?)found.Ordinal).FirstOrDefault();

    /// <summary>One line for each address.</summary>
    internal static IReadOnlyList<string> Lines(CrashSnapshot snapshot) =>
        [.. Addresses(snapshot).Take(MaxLines).Select(found => string.Create(
            CultureInfo.InvariantCulture, $"{found.Version.Name} {found.Version.Version} +0x{found.Address - found.Version.Image:x}"))];

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
