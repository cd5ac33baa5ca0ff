using System.Runtime.InteropServices;
using EdgeGw.Blame;

namespace EdgeGw.Interop;

/// <summary>What one thread of the worker is inside of. Only that thread writes it; control reads it when the process is dead.</summary>
[StructLayout(LayoutKind.Sequential, Size = BlameLayout.ThreadBytes)]
internal struct BlameSlot
{
    /// <summary>The kernel's id of the thread, 0 while nobody has the slot.</summary>
    public int Thread;
    /// <summary>The call it is inside of: version and phase, 0 for none.</summary>
    public uint Call;
    /// <summary>The exchange that the call is for, 0 for none.</summary>
    public ulong Exchange;
    /// <summary>The last call that it came out of.</summary>
    public uint LastCall;

    /// <summary>Version and phase in one word.</summary>
    public static uint Compose(ushort version, CallPhase phase) => version | ((uint)phase << 16);
}

/// <summary>A request inside a handler. Written when it begins and when it has ended.</summary>
[StructLayout(LayoutKind.Sequential, Size = BlameLayout.RequestBytes)]
internal unsafe struct BlameRequest
{
    /// <summary>Its exchange's id, which has the version in it; 0 for none.</summary>
    public ulong Exchange;
    /// <summary>Its number, when it has no text.</summary>
    public ulong Number;
    /// <summary>Bytes of the id that its client gave it.</summary>
    public byte TextLength;
    /// <summary>That id.</summary>
    public fixed byte Text[128];
}

/// <summary>What a version's number stands for.</summary>
[StructLayout(LayoutKind.Sequential, Size = BlameLayout.VersionBytes)]
internal unsafe struct BlameVersion
{
    /// <summary>Where its library's image begins in the process; 0 until it is loaded.</summary>
    public ulong Image;
    /// <summary>Where its code begins.</summary>
    public ulong Code;
    /// <summary>Where its code ends.</summary>
    public ulong CodeEnd;
    /// <summary>The SHA-256 of the file.</summary>
    public fixed byte Hash[32];
    /// <summary>Bytes of the name.</summary>
    public byte NameLength;
    /// <summary>Bytes of the version.</summary>
    public byte VersionLength;
    /// <summary>The handler's name.</summary>
    public fixed byte Name[BlameLayout.NameBytes];
    /// <summary>Its version.</summary>
    public fixed byte Version[BlameLayout.NameBytes];
    /// <summary>Requests that it has taken, at <see cref="BlameLayout.VersionRequests"/>.</summary>
    public long Requests;
}

/// <summary>How the process died: the mirror of <c>struct fatal</c> in <c>fatal.c</c>.</summary>
[StructLayout(LayoutKind.Sequential, Size = BlameLayout.FatalBytes)]
internal struct BlameFatal
{
    /// <summary>0: nothing was seen; 1: a signal; 2: somebody called exit().</summary>
    public uint Kind;
    /// <summary>The process that wrote this: a child that a handler forked is not the worker.</summary>
    public int Process;
    /// <summary>The kernel's id of the thread.</summary>
    public int Thread;
    /// <summary>The signal.</summary>
    public int Signal;
    /// <summary>Its <c>si_code</c>.</summary>
    public int Code;
    /// <summary>Bytes of the stack that could be read.</summary>
    public uint StackBytes;
    /// <summary>Where the thread was.</summary>
    public ulong Instruction;
    /// <summary>The stack pointer.</summary>
    public ulong StackPointer;
    /// <summary>The address that it touched, for SIGSEGV and SIGBUS.</summary>
    public ulong Address;
}
