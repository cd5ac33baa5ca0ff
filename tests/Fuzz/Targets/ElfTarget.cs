using EdgeGw.Control.Artifacts;
using EdgeGw.Scouting;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A library's file: whatever it says, reading it ends, within bounds.</summary>
internal static class ElfTarget
{
    internal static void Run(byte[] input)
    {
        _ = LibraryHeader.Check(input, System.Runtime.InteropServices.Architecture.X64);
        using var file = new MemoryStream(input);
        if (ImportScan.Read(file) is not { } facts)
        {
            return;
        }
        FuzzFindingException.ThrowUnless(facts.Needs.Count <= ImportScan.MaxNames && facts.Foreign.Count <= ImportScan.MaxNames, "more names than are listed");
        FuzzFindingException.ThrowUnless(facts.Needs.Concat(facts.Foreign).All(name => name.Length is > 0 and <= 512 && !name.Any(char.IsControl)), "a name that is none");
        FuzzFindingException.ThrowUnless(facts.FileBytes == input.Length, "another size");
    }
}
