using System.Buffers.Binary;
using EdgeGw.Blame;
using EdgeGw.Control.Crashes;

namespace EdgeGw.Fuzz.Targets;

/// <summary>What a worker leaves behind in the memory that it shares with control, of which handlers may have written any word: control reads it, and names whom it can. The input is a list of
/// writes, each of two bytes that say where and eight that say what.</summary>
internal static class BlameTarget
{
    private const int Threads = 64;
    private const int Requests = 8;
    private const int WriteBytes = 10;

    internal static void Run(byte[] input)
    {
        using var memory = new CrashMemory(Threads, Requests);
        var words = (int)(BlameLayout.VersionsAt(Threads, Requests) / sizeof(ulong)) + (8 * BlameLayout.VersionBytes / sizeof(ulong));
        for (var at = 0; at + WriteBytes <= input.Length; at += WriteBytes)
        {
            RandomAccess.Write(memory.Handle, input.AsSpan(at + 2, sizeof(ulong)), (long)(BinaryPrimitives.ReadUInt16LittleEndian(input.AsSpan(at)) % words) * sizeof(ulong));
        }
        Look(memory);
        // The program that takes control's place finds the same memory, sizes included.
        Look(new CrashMemory(memory.Handle));
    }

    private static void Look(CrashMemory memory)
    {
        var snapshot = memory.Read();
        var suspects = CrashSuspects.Of(snapshot);
        _ = CrashSuspects.Blamed(suspects);
        var texts = suspects.SelectMany(suspect => (string[])[suspect.Handler, suspect.Version]).Concat(snapshot.Requests.Select(request => request.Id)).Concat(CrashStack.Named(CrashStack.Frames(snapshot), _ => null));
        FuzzFindingException.ThrowUnless(!texts.Any(text => text.Any(char.IsControl)), "a text that a terminal would obey");
    }
}
